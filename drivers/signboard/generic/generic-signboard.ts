import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import { type Picture, type SignCodec, silent } from '../line/codec.ts'
import type { Inspect } from '../line/scanner.ts'
import { openSerialSignboard, type SerialTrial } from '../line/serial-signboard.ts'
import type { LineTiming } from '../line/timing.ts'
import { dimmed } from '../strip/dimmed.ts'
import { checksumOf } from './checksum.ts'
import { pixelBytes, runsOf } from './pixels.ts'

export type GenericConfig = Extract<SignConfig, { readonly driver: 'generic-serial' }>
type Answer = NonNullable<GenericConfig['answer']>
type Said = 'ack' | 'nack'

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex')

/** Makes frames of RGB888 into what the board file says: header, pixels, checksum, footer. */
export const createEncoder = (config: GenericConfig): ((rgb: Uint8Array) => Uint8Array) => {
  const { checksum, pixels: format } = config
  const [header, footer] = [bytesOf(config.header), bytesOf(config.footer)]
  const runs = runsOf(config, format)
  return (rgb) => {
    const pixels = pixelBytes(rgb, runs, format)
    const covered = checksum?.over === 'pixels' ? pixels : Buffer.concat([header, pixels])
    const check = checksum === undefined ? new Uint8Array() : checksumOf(checksum.kind, covered)
    return Buffer.concat([header, pixels, check, footer])
  }
}

const begins = (bytes: Uint8Array, sought: Uint8Array): 'whole' | 'more' | 'none' => {
  const length = Math.min(bytes.length, sought.length)
  if (Buffer.compare(bytes.subarray(0, length), sought.subarray(0, length)) !== 0) return 'none'
  return length === sought.length ? 'whole' : 'more'
}

/** Finds the answers, neither of which begins with the other. */
export const inspectAnswer = ({ ack, nack }: Answer): Inspect<Said> => {
  const known = [
    { value: 'ack' as const, bytes: bytesOf(ack) },
    ...(nack === undefined ? [] : [{ value: 'nack' as const, bytes: bytesOf(nack) }]),
  ]
  return (bytes) => {
    const seen = known.map((each) => ({ ...each, fit: begins(bytes, each.bytes) }))
    const found = seen.find(({ fit }) => fit !== 'none')
    if (found === undefined) return 'none'
    return found.fit === 'more' ? 'more' : { length: found.bytes.length, value: found.value }
  }
}

const codecOf = (config: GenericConfig): SignCodec<Said> => {
  const { answer, pixels } = config
  const encodeFrame = createEncoder(config)
  const bytesOfPicture = ({ frame, percent }: Picture): Uint8Array =>
    encodeFrame(pixels.format === 'mono' ? frame.rgb : dimmed(frame.rgb, percent))
  if (answer === undefined)
    return {
      takes: 'raster',
      proof: 'sent',
      inspect: silent,
      encode: (picture) => [{ bytes: bytesOfPicture(picture) }],
    }
  const judge = (said: Said) => (said === 'ack' ? 'taken' : ({ refused: 'the frame was not taken' } as const))
  return {
    takes: 'raster',
    proof: 'acknowledged',
    inspect: inspectAnswer(answer),
    encode: (picture) => [{ bytes: bytesOfPicture(picture), judge }],
  }
}

/** Without a question of its own such a controller is found out by what it is shown. */
const ANSWERING: Partial<LineTiming> = { reassertMs: 3000 }

/** Opens a sign of a maker whose frame is described in the board file. */
export const openGenericSignboard = (config: GenericConfig, trial?: SerialTrial): Promise<Signboard> => {
  const { port: path, baud: baudRate, dataBits, parity, stopBits } = config
  const settings = { path, baudRate, dataBits, parity, stopBits }
  const timing = config.answer === undefined ? {} : ANSWERING
  return openSerialSignboard({ panel: config, settings, codec: codecOf(config), timing }, trial)
}
