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

export const SIZE = { chipInfo: 68, lineInfo: 256, lineRequest: 592, lineValues: 16 } as const

export const FLAG = { used: 1n, activeLow: 2n, input: 4n, output: 8n } as const

export const ATTRIBUTE_OUTPUT_VALUES = 2

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

export const decodeLineInfo = (buffer: Buffer): { readonly consumer: string; readonly used: boolean } => ({
  consumer: text(buffer, 32),
  used: (buffer.readBigUInt64LE(72) & FLAG.used) !== 0n,
})

export type LineUse = {
  readonly line: number
  readonly activeLow: boolean
  /** `outputOff`: driven inactive by the very call that makes it an output, so that it never glitches on. */
  readonly direction: 'input' | 'outputOff'
}

/** A request for one line in the name of `consumer` (31 characters are kept). */
export const encodeLineRequest = (use: LineUse, consumer: string): Buffer => {
  const buffer = Buffer.alloc(SIZE.lineRequest)
  buffer.writeUInt32LE(use.line, 0)
  buffer.write(consumer.slice(0, NAME_BYTES - 1), 256, 'latin1')
  const direction = use.direction === 'input' ? FLAG.input : FLAG.output
  buffer.writeBigUInt64LE(direction | (use.activeLow ? FLAG.activeLow : 0n), 288)
  if (use.direction === 'outputOff') {
    buffer.writeUInt32LE(1, 296)
    buffer.writeUInt32LE(ATTRIBUTE_OUTPUT_VALUES, 320)
    buffer.writeBigUInt64LE(0n, 328)
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
