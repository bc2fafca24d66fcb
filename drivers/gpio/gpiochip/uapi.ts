import type { Bias } from '../../../agent/core/configuration.ts'

/**
 * Buffers of the GPIO character device, uAPI v2: little-endian, the same on arm64 and x64.
 * Padding must stay zero: the kernel answers EINVAL to anything else.
 * @see include/uapi/linux/gpio.h of Linux 5.10 and later
 */
export const IOCTL = {
  chipInfo: 0x8044b401,
  lineInfo: 0xc100b405,
  getLine: 0xc250b407,
  getValues: 0xc010b40e,
  setValues: 0xc010b40f,
} as const

export const SIZE = { chipInfo: 68, lineInfo: 256, lineRequest: 592, lineValues: 16, lineEvent: 48 } as const

export const FLAG = {
  used: 1n,
  activeLow: 2n,
  input: 4n,
  output: 8n,
  bothEdges: 0x10n | 0x20n,
  pullUp: 0x100n,
  pullDown: 0x200n,
  noBias: 0x400n,
} as const

const BIAS: Readonly<Record<Bias, bigint>> = {
  'pull-up': FLAG.pullUp,
  'pull-down': FLAG.pullDown,
  none: FLAG.noBias,
}

export const ATTRIBUTE = { outputValues: 2, debounce: 3 } as const
const RISING = 1

const NAME_BYTES = 32
/** Masks are indexes into offsets[] of the request, never line numbers; every request here has one line. */
const FIRST_LINE = 1n

const text = (buffer: Buffer, start: number): string => {
  const field = buffer.subarray(start, start + NAME_BYTES)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? NAME_BYTES : end)
}

export type ChipInfo = { readonly name: string; readonly label: string; readonly lines: number }

export const decodeChipInfo = (buffer: Buffer): ChipInfo => ({
  name: text(buffer, 0),
  label: text(buffer, 32),
  lines: buffer.readUInt32LE(64),
})

export const encodeLineInfo = (line: number): Buffer => {
  const buffer = Buffer.alloc(SIZE.lineInfo)
  buffer.writeUInt32LE(line, 64)
  return buffer
}

/** `used`: by a program, by the kernel, or as a pin of something else than a GPIO line. */
export type LineInfo = { readonly name: string; readonly consumer: string; readonly used: boolean }

export const decodeLineInfo = (buffer: Buffer): LineInfo => ({
  name: text(buffer, 0),
  consumer: text(buffer, 32),
  used: (buffer.readBigUInt64LE(72) & FLAG.used) !== 0n,
})

export type LineUse = {
  readonly line: number
  readonly activeLow: boolean
  /** As the board has it when absent. Chips that have no resistors to switch pass it over. */
  readonly bias?: Bias
  /**
   * `outputOff`: driven inactive by the very call that makes it an output, so that it never glitches on.
   * `edges`: an input that tells of each change; one that lasts shorter than `debounceUs` is passed over by the kernel.
   */
  readonly direction: 'input' | 'outputOff' | 'edges'
  readonly debounceUs?: number
}

const flagsOf = ({ direction, activeLow, bias }: LineUse): bigint =>
  (direction === 'outputOff' ? FLAG.output : FLAG.input) |
  (direction === 'edges' ? FLAG.bothEdges : 0n) |
  (activeLow ? FLAG.activeLow : 0n) |
  (bias === undefined ? 0n : BIAS[bias])

const attributeOf = ({ direction, debounceUs = 0 }: LineUse): number | undefined => {
  if (direction === 'outputOff') return ATTRIBUTE.outputValues
  return direction === 'edges' && debounceUs > 0 ? ATTRIBUTE.debounce : undefined
}

/** A request for one line in the name of `consumer` (31 characters are kept). */
export const encodeLineRequest = (use: LineUse, consumer: string): Buffer => {
  const buffer = Buffer.alloc(SIZE.lineRequest)
  buffer.writeUInt32LE(use.line, 0)
  buffer.write(consumer.slice(0, NAME_BYTES - 1), 256, 'latin1')
  buffer.writeBigUInt64LE(flagsOf(use), 288)
  const attribute = attributeOf(use)
  if (attribute !== undefined) {
    buffer.writeUInt32LE(1, 296)
    buffer.writeUInt32LE(attribute, 320)
    if (attribute === ATTRIBUTE.debounce) buffer.writeUInt32LE(use.debounceUs ?? 0, 328)
    buffer.writeBigUInt64LE(FIRST_LINE, 336)
  }
  buffer.writeUInt32LE(1, 560)
  return buffer
}

export const requestedFd = (buffer: Buffer): number => buffer.readInt32LE(588)

/** `active` is logical: on an active-low line true drives it low. */
export const encodeValues = (active: boolean): Buffer => {
  const buffer = Buffer.alloc(SIZE.lineValues)
  buffer.writeBigUInt64LE(active ? FIRST_LINE : 0n, 0)
  buffer.writeBigUInt64LE(FIRST_LINE, 8)
  return buffer
}

export const decodeValues = (buffer: Buffer): boolean => (buffer.readBigUInt64LE(0) & FIRST_LINE) !== 0n

/** Whether the line became active, of each event in `buffer`, oldest first. With active-low the kernel has turned them round. */
export const decodeEdges = (buffer: Buffer): readonly boolean[] =>
  Array.from(
    { length: Math.floor(buffer.length / SIZE.lineEvent) },
    (_, index) => buffer.readUInt32LE(index * SIZE.lineEvent + 8) === RISING,
  )
