/** Little-endian. */
export const u16 = (value: number): readonly number[] => [value & 0xff, (value >> 8) & 0xff]

/** Little-endian. */
export const u32 = (value: number): readonly number[] => [...u16(value), ...u16(value >>> 16)]

/** Little-endian; what is missing counts as 0. */
export const readU16 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256

/** A number below 100 as two decimal digits in a byte. */
export const bcd = (value: number): number => Math.floor(value / 10) * 16 + (value % 10)

/** Upper case, at least so many digits. */
export const hex = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0')

/** A byte a character, as far as characters have one. */
export const latin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

/** A character a byte. */
export const latinText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
