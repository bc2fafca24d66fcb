import type { Frame } from '../../../agent/ports/signboard.ts'
import type { Inspect } from '../line/scanner.ts'
import { hex, latin, latinText } from '../words.ts'

const STX = 0x02
const ETX = 0x03
const HEAD_DIGITS = 2
const SUM_DIGITS = 2
const LENGTH_DIGITS = 2
const WRITE_IMAGE = 1
const ROWS_A_BYTE = 8
/** A picture of 256 columns by 64 rows and what goes with it. */
const MOST_BYTES = 8192
const HEX = /^[0-9A-F]*$/

/** `command` and `address` are one hexadecimal digit each; `payload` is sent as it is. */
export type HanoverPacket = { readonly command: number; readonly address: number; readonly payload: string }

export const STOP_TEST: Pick<HanoverPacket, 'command' | 'address'> = { command: 12, address: 0 }

/** The two's complement of the sum of everything after STX, ETX included. */
const checkOf = (inner: string): string => {
  let sum = ETX
  for (const character of inner) sum += character.charCodeAt(0)
  return hex(-sum & 0xff, SUM_DIGITS)
}

/** @see briggySmalls/pyflipdot, harperreed/goflipdot */
export const encodePacket = ({
  command,
  address,
  payload = '',
}: Pick<HanoverPacket, 'command' | 'address'> & Partial<HanoverPacket>): Uint8Array => {
  const inner = `${hex(command, 1)}${hex(address, 1)}${payload}`
  return latin(`\x02${inner}\x03${checkOf(inner)}`)
}

/** Columns from the left, each from its top: the top row of eight in the lowest bit, missing rows dark. */
export const columnsOf = ({ width, height, rgb }: Frame): Uint8Array => {
  const columnBytes = Math.ceil(height / ROWS_A_BYTE)
  const columns = new Uint8Array(width * columnBytes)
  for (let x = 0; x < width; x += 1)
    for (let y = 0; y < height; y += 1) {
      const pixel = (y * width + x) * 3
      if (!rgb.subarray(pixel, pixel + 3).some((value) => value > 0)) continue
      const at = x * columnBytes + Math.floor(y / ROWS_A_BYTE)
      columns[at] = (columns[at] ?? 0) | (1 << (y % ROWS_A_BYTE))
    }
  return columns
}

/** A picture for the sign at an address. Its length is said in eight bits, whatever it is. */
export const encodeImage = (address: number, frame: Frame): Uint8Array => {
  const columns = columnsOf(frame)
  const digits = Array.from(columns, (byte) => hex(byte, 2)).join('')
  const payload = `${hex(columns.length & 0xff, LENGTH_DIGITS)}${digits}`
  return encodePacket({ command: WRITE_IMAGE, address, payload })
}

/** Finds packets: what a sign reads. STX stands nowhere inside, so that one that was cut is given up where the next begins. */
export const inspectPacket: Inspect<HanoverPacket> = (bytes) => {
  if (bytes[0] !== STX) return 'none'
  let etx = 1
  while (etx < bytes.length && bytes[etx] !== ETX) {
    if (bytes[etx] === STX || etx > MOST_BYTES) return 'none'
    etx += 1
  }
  const length = etx + 1 + SUM_DIGITS
  if (bytes.length < length) return 'more'
  const text = latinText(bytes.subarray(1, length))
  const inner = text.slice(0, etx - 1)
  if (inner.length < HEAD_DIGITS || !HEX.test(inner) || text.slice(etx) !== checkOf(inner)) return 'none'
  const value = {
    command: Number.parseInt(inner.slice(0, 1), 16),
    address: Number.parseInt(inner.slice(1, HEAD_DIGITS), 16),
    payload: inner.slice(HEAD_DIGITS),
  }
  return { length, value }
}

/** The columns that a picture's packet carries; undefined when its length is wrong or it is no picture. */
export const columnsIn = ({ command, payload }: HanoverPacket): Uint8Array | undefined => {
  const digits = payload.slice(LENGTH_DIGITS)
  const said = Number.parseInt(payload.slice(0, LENGTH_DIGITS), 16)
  if (command !== WRITE_IMAGE || digits.length % 2 !== 0 || ((digits.length / 2) & 0xff) !== said)
    return undefined
  return Uint8Array.from(Buffer.from(digits, 'hex'))
}
