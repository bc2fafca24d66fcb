import { LoaError } from '../../agent/core/error.ts'
import { loadLibrary, type NativePointer } from './koffi.ts'

const STREAM_PLAYBACK = 0
const OPEN_NONBLOCK = 1
const ACCESS_RW_INTERLEAVED = 3
const FORMAT_S16_LE = 2
const LONG_BYTES = 8
const INT_BYTES = 4

/** errno values libasound answers with, negated. */
export const ALSA_ERROR = { again: -11, pipe: -32, suspended: -86 } as const

/** Values of snd_pcm_state_t that stop a stream. */
export const ALSA_STATE = { xrun: 4, suspended: 7, disconnected: 8 } as const

export type AlsaSetup = {
  readonly device: string
  readonly rate: number
  readonly channels: number
  readonly bufferMs: number
}
export type AlsaGeometry = { readonly bufferFrames: number; readonly periodFrames: number }

const declareAll = () => {
  const lib = loadLibrary('libasound.so.2', 'install the package libasound2 (libasound2t64 on Debian 13)')
  return {
    open: lib.declare('int snd_pcm_open(_Out_ void **pcm, const char *name, int stream, int mode)'),
    close: lib.declare('int snd_pcm_close(void *pcm)'),
    strerror: lib.declare<string>('const char *snd_strerror(int code)'),
    hwSize: lib.declare('size_t snd_pcm_hw_params_sizeof()'),
    hwAny: lib.declare('int snd_pcm_hw_params_any(void *pcm, void *params)'),
    hwResample: lib.declare(
      'int snd_pcm_hw_params_set_rate_resample(void *pcm, void *params, unsigned int on)',
    ),
    hwAccess: lib.declare('int snd_pcm_hw_params_set_access(void *pcm, void *params, int access)'),
    hwFormat: lib.declare('int snd_pcm_hw_params_set_format(void *pcm, void *params, int format)'),
    hwChannels: lib.declare(
      'int snd_pcm_hw_params_set_channels(void *pcm, void *params, unsigned int count)',
    ),
    hwRate: lib.declare(
      'int snd_pcm_hw_params_set_rate_near(void *pcm, void *params, void *rate, void *dir)',
    ),
    hwBuffer: lib.declare(
      'int snd_pcm_hw_params_set_buffer_time_near(void *pcm, void *params, void *us, void *dir)',
    ),
    hwPeriod: lib.declare(
      'int snd_pcm_hw_params_set_period_time_near(void *pcm, void *params, void *us, void *dir)',
    ),
    hwApply: lib.declare('int snd_pcm_hw_params(void *pcm, void *params)'),
    hwGetBuffer: lib.declare('int snd_pcm_hw_params_get_buffer_size(void *params, void *frames)'),
    hwGetPeriod: lib.declare('int snd_pcm_hw_params_get_period_size(void *params, void *frames, void *dir)'),
    swSize: lib.declare('size_t snd_pcm_sw_params_sizeof()'),
    swCurrent: lib.declare('int snd_pcm_sw_params_current(void *pcm, void *params)'),
    swStart: lib.declare(
      'int snd_pcm_sw_params_set_start_threshold(void *pcm, void *params, unsigned long frames)',
    ),
    swApply: lib.declare('int snd_pcm_sw_params(void *pcm, void *params)'),
    write: lib.declare('long snd_pcm_writei(void *pcm, void *frames, unsigned long count)'),
    delay: lib.declare('int snd_pcm_delay(void *pcm, void *frames)'),
    state: lib.declare('int snd_pcm_state(void *pcm)'),
    rewindable: lib.declare('long snd_pcm_rewindable(void *pcm)'),
    rewind: lib.declare('long snd_pcm_rewind(void *pcm, unsigned long frames)'),
    drop: lib.declare('int snd_pcm_drop(void *pcm)'),
    prepare: lib.declare('int snd_pcm_prepare(void *pcm)'),
    resume: lib.declare('int snd_pcm_resume(void *pcm)'),
  }
}
export type Alsa = ReturnType<typeof declareAll>
export type AlsaPcm = NativePointer

let loaded: Alsa | undefined
/** The bindings, loaded once. @throws UNSUPPORTED without libasound */
export const alsa = (): Alsa => {
  loaded ??= declareAll()
  return loaded
}

const remedy = (code: number): string => {
  if (code === -2 || code === -19 || code === -6)
    return 'is it plugged in and named right? `aplay -L` lists the devices'
  if (code === -16) return 'another program holds it: stop that program'
  if (code === -13 || code === -1) return 'the user of the agent must be in the group `audio`'
  if (code === -22) return 'it does not take 48000 Hz S16 as asked: put `plughw:` in place of `hw:`'
  return 'unplug and plug it in again, or look into `dmesg`'
}

/** An error that names the device, what failed and what to do. */
export const alsaError = (device: string, doing: string, code: number): LoaError =>
  new LoaError('AUDIO_DEVICE', `sound device ${device}: ${doing}: ${alsa().strerror(code)}; ${remedy(code)}`)

type Check = (doing: string, code: number) => void

const setHardware = (pcm: AlsaPcm, setup: AlsaSetup, check: Check): AlsaGeometry => {
  const a = alsa()
  const params = new Uint8Array(Number(a.hwSize()))
  const word = new Uint8Array(LONG_BYTES)
  const view = new DataView(word.buffer)
  const withInt = (value: number): Uint8Array => {
    view.setBigUint64(0, 0n, true)
    view.setUint32(0, value, true)
    return word
  }
  check('read its parameters', a.hwAny(pcm, params))
  check('allow rate conversion', a.hwResample(pcm, params, 1))
  check('set interleaved access', a.hwAccess(pcm, params, ACCESS_RW_INTERLEAVED))
  check('set signed 16 bit', a.hwFormat(pcm, params, FORMAT_S16_LE))
  check(`set ${setup.channels} channel(s)`, a.hwChannels(pcm, params, setup.channels))
  check(`set ${setup.rate} Hz`, a.hwRate(pcm, params, withInt(setup.rate), null))
  const rate = view.getUint32(0, true)
  if (rate !== setup.rate)
    throw new LoaError(
      'AUDIO_DEVICE',
      `sound device ${setup.device}: it plays at ${rate} Hz, not at ${setup.rate}: put \`plughw:\` in place of \`hw:\``,
    )
  check('set the buffer', a.hwBuffer(pcm, params, withInt(setup.bufferMs * 1000), null))
  check('set the period', a.hwPeriod(pcm, params, withInt(Math.min(20_000, setup.bufferMs * 125)), null))
  check('apply its parameters', a.hwApply(pcm, params))
  check('read its buffer size', a.hwGetBuffer(params, word))
  const bufferFrames = Number(view.getBigUint64(0, true))
  const direction = new Uint8Array(INT_BYTES)
  check('read its period size', a.hwGetPeriod(params, word, direction))
  return { bufferFrames, periodFrames: Number(view.getBigUint64(0, true)) }
}

const setSoftware = (pcm: AlsaPcm, check: Check): void => {
  const a = alsa()
  const params = new Uint8Array(Number(a.swSize()))
  check('read its software parameters', a.swCurrent(pcm, params))
  // The first write starts the clock of the device: from then on every frame has its instant.
  check('set the start threshold', a.swStart(pcm, params, 1))
  check('apply its software parameters', a.swApply(pcm, params))
}

const openPcm = (device: string): AlsaPcm => {
  const out: [AlsaPcm | null] = [null]
  const opened = alsa().open(out, device, STREAM_PLAYBACK, OPEN_NONBLOCK)
  const pcm = out[0]
  if (opened < 0 || pcm === null) throw alsaError(device, 'cannot open it', opened)
  return pcm
}

/** Opens a playback device and lets go of it at once. @throws AUDIO_DEVICE naming it and what to do */
export const probeAlsaDevice = (device: string): void => closeAlsaPcm(openPcm(device))

export const closeAlsaPcm = (pcm: AlsaPcm): void => {
  alsa().close(pcm)
}

/** Opens and configures a playback device, ready for the first write. @throws AUDIO_DEVICE naming the device and what to do */
export const openAlsaPcm = (setup: AlsaSetup): { readonly pcm: AlsaPcm; readonly geometry: AlsaGeometry } => {
  const pcm = openPcm(setup.device)
  const check: Check = (doing, code) => {
    if (code < 0) throw alsaError(setup.device, doing, code)
  }
  try {
    const geometry = setHardware(pcm, setup, check)
    setSoftware(pcm, check)
    check('prepare it', alsa().prepare(pcm))
    return { pcm, geometry }
  } catch (failure) {
    closeAlsaPcm(pcm)
    throw failure
  }
}
