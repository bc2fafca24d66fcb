import { LoaError } from '../../agent/core/error.ts'
import { ALSA_ERROR, ALSA_STATE, type AlsaPcm, alsa } from './alsa.ts'
import { loadLibrary } from './koffi.ts'

const STREAM_CAPTURE = 1
const OPEN_NONBLOCK = 1
const ACCESS_RW_INTERLEAVED = 3
const FORMAT_S16_LE = 2
const WANTED = { rate: 48_000, channels: 1, bufferUs: 1_000_000, periodUs: 20_000 } as const

/** What opening, configuring and closing may take long for runs in a thread: the caller plays meanwhile. */
const declareCapture = () => {
  const lib = loadLibrary('libasound.so.2', 'install the package libasound2 (libasound2t64 on Debian 13)')
  return {
    open: lib.declareAsync('int snd_pcm_open(_Out_ void **pcm, const char *name, int stream, int mode)'),
    apply: lib.declareAsync('int snd_pcm_hw_params(void *pcm, void *params)'),
    close: lib.declareAsync('int snd_pcm_close(void *pcm)'),
    channelsNear: lib.declare(
      'int snd_pcm_hw_params_set_channels_near(void *pcm, void *params, void *count)',
    ),
    start: lib.declare('int snd_pcm_start(void *pcm)'),
    read: lib.declare('long snd_pcm_readi(void *pcm, void *frames, unsigned long count)'),
  }
}
type Capture = ReturnType<typeof declareCapture>

let loaded: Capture | undefined
/** The bindings, loaded once. @throws UNSUPPORTED without libasound */
export const captureBindings = (): Capture => {
  loaded ??= declareCapture()
  return loaded
}

const remedy = (code: number): string => {
  if (code === -2 || code === -19 || code === -6)
    return 'is it plugged in and named right? `arecord -L` lists the devices'
  if (code === -16) return 'another program holds it: stop that program'
  if (code === -13 || code === -1) return 'the user of the agent must be in the group `audio`'
  if (code === -22) return 'it gives no signed 16 bit: put `plughw:` in place of `hw:`'
  return 'unplug and plug it in again, or look into `dmesg`'
}

const captureError = (device: string, doing: string, code: number): LoaError =>
  new LoaError('CAPTURE', `capture device ${device}: ${doing}: ${alsa().strerror(code)}; ${remedy(code)}`)

const integer = (value: number): Int32Array => new Int32Array([value, 0])
const bytesOf = (values: Int32Array | BigInt64Array): Uint8Array => new Uint8Array(values.buffer)

/** An open capture device that runs. */
export class AlsaCapture {
  readonly rate: number
  readonly channels: number
  readonly #device: string
  #pcm: AlsaPcm | undefined
  readonly #delay = new BigInt64Array(1)

  constructor(device: string, pcm: AlsaPcm, rate: number, channels: number) {
    this.#device = device
    this.#pcm = pcm
    this.rate = rate
    this.channels = channels
    this.start()
  }

  /** Begins, or begins anew after it overran. @throws CAPTURE */
  start(): void {
    const pcm = this.#handle()
    alsa().drop(pcm)
    for (const [doing, call] of [
      ['prepare it', alsa().prepare],
      ['start it', captureBindings().start],
    ] as const) {
      const code = call(pcm)
      if (code < 0) throw captureError(this.#device, doing, code)
    }
  }

  /** How many frames were read; undefined when it overran. @throws CAPTURE */
  read(out: Int16Array): number | undefined {
    const read = Number(captureBindings().read(this.#handle(), out, out.length / this.channels))
    if (read >= 0) return read
    return read === ALSA_ERROR.again ? 0 : this.#overran('read', read)
  }

  /** How many frames wait to be read; undefined when it overran. @throws CAPTURE */
  waiting(): number | undefined {
    const pcm = this.#handle()
    const code = alsa().delay(pcm, bytesOf(this.#delay))
    if (code < 0) return this.#overran('ask for its position', code)
    const state = alsa().state(pcm)
    if (state === ALSA_STATE.disconnected) throw captureError(this.#device, 'it is gone', -19)
    if (state === ALSA_STATE.xrun || state === ALSA_STATE.suspended) return undefined
    return Math.max(0, Number(this.#delay[0] ?? 0n))
  }

  async close(): Promise<void> {
    const pcm = this.#pcm
    this.#pcm = undefined
    if (pcm !== undefined) await captureBindings().close(pcm)
  }

  #overran(doing: string, code: number): undefined {
    if (code !== ALSA_ERROR.pipe && code !== ALSA_ERROR.suspended)
      throw captureError(this.#device, doing, code)
  }

  #handle(): AlsaPcm {
    if (this.#pcm === undefined) throw captureError(this.#device, 'it is closed', -19)
    return this.#pcm
  }
}

/** Sets one channel at 48 kHz or what comes nearest to that. */
const configure = async (device: string, pcm: AlsaPcm): Promise<AlsaCapture> => {
  const a = alsa()
  const check = (doing: string, code: number): void => {
    if (code < 0) throw captureError(device, doing, code)
  }
  const params = new Uint8Array(Number(a.hwSize()))
  const [rate, channels] = [integer(WANTED.rate), integer(WANTED.channels)]
  check('read its parameters', a.hwAny(pcm, params))
  check('set interleaved access', a.hwAccess(pcm, params, ACCESS_RW_INTERLEAVED))
  check('set signed 16 bit', a.hwFormat(pcm, params, FORMAT_S16_LE))
  check('set its channels', captureBindings().channelsNear(pcm, params, bytesOf(channels)))
  check('set its rate', a.hwRate(pcm, params, bytesOf(rate), null))
  check('set the buffer', a.hwBuffer(pcm, params, bytesOf(integer(WANTED.bufferUs)), null))
  check('set the period', a.hwPeriod(pcm, params, bytesOf(integer(WANTED.periodUs)), null))
  check('apply its parameters', await captureBindings().apply(pcm, params))
  return new AlsaCapture(device, pcm, rate[0] ?? WANTED.rate, channels[0] ?? WANTED.channels)
}

/** Opens a capture device and starts it. @throws CAPTURE naming the device and what to do */
export const openAlsaCapture = async (device: string): Promise<AlsaCapture> => {
  const out: [AlsaPcm | null] = [null]
  const opened = await captureBindings().open(out, device, STREAM_CAPTURE, OPEN_NONBLOCK)
  const pcm = out[0]
  if (opened < 0 || pcm === null) throw captureError(device, 'cannot open it', opened)
  try {
    return await configure(device, pcm)
  } catch (failure) {
    await captureBindings().close(pcm)
    throw failure
  }
}
