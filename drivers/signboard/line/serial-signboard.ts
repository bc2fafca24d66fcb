import { AMBER } from '../../../agent/core/sign/color.ts'
import { type OpenPort, openSerialLink } from '../../serial/serial-link.ts'
import type { SignCodec } from './codec.ts'
import { LineSignboard } from './line-signboard.ts'
import { LINE_TIMING, type LineSettings, type LineTiming, wireMs } from './timing.ts'

export type SerialSign<R> = {
  readonly panel: { readonly id: string; readonly width: number; readonly height: number }
  readonly settings: LineSettings
  readonly codec: SignCodec<R>
  /** What this kind of controller needs otherwise than `LINE_TIMING`. */
  readonly timing?: Partial<LineTiming>
}

/** Tests shorten the times and put a simulated port in the place of a real one. */
export type SerialTrial = { readonly timing?: Partial<LineTiming>; readonly openPort?: OpenPort }

/** How many frames of a lit panel fit on the wire in a second: all packets of one, their pauses and the turnarounds of those that are answered. */
const rateOf = <R>(
  { panel: { width, height }, settings, codec }: SerialSign<R>,
  timing: LineTiming,
): number => {
  const packets = codec.encode({
    frame: { width, height, rgb: new Uint8Array(width * height * 3).fill(0xff) },
    text: '',
    manner: { mode: 'still', color: AMBER, urgent: false },
    percent: 100,
  })
  const spans = packets.map(({ bytes, judge, pauses = [] }) => {
    const silences = pauses.reduce((sum, { ms }) => sum + ms, 0)
    return wireMs(bytes.length, settings) + silences + (judge === undefined ? 0 : timing.turnaroundMs)
  })
  const frameMs = spans.reduce((sum, ms) => sum + ms, 0)
  return codec.storesPages === true ? 1000 / timing.storedApartMs : 1000 / frameMs
}

/** Opens the port of a sign; when that cannot be done the sign is there all the same, with a fault, and it goes on trying. */
export const openSerialSignboard = async <R>(
  sign: SerialSign<R>,
  trial: SerialTrial = {},
): Promise<LineSignboard<R>> => {
  const { panel, settings, codec } = sign
  const timing = { ...LINE_TIMING, ...sign.timing, ...trial.timing }
  const signboard = new LineSignboard({
    panel,
    codec,
    timing,
    framesPerSecond: rateOf(sign, timing),
    wireMs: (bytes) => wireMs(bytes, settings),
    openLink: (handlers) =>
      openSerialLink({ ...settings, retryMs: timing.retryMs }, handlers, trial.openPort),
  })
  await signboard.settled()
  return signboard
}
