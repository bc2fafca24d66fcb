import type { Inspect } from '../line/scanner.ts'
import { readU16, u16, u32 } from '../words.ts'
import { encodeFrame, inspectFrame } from './frame.ts'

const HOST = 0x8000
const PROTOCOL = 0xf0
const HEADER_BYTES = 16
/** Of the header, where the length of the data stands. */
const LENGTH_AT = 12
const COMMAND_BYTES = 3
const ANSWER_WANTED = 1

/** What stands in front of a picture. */
export type Bx6Command = {
  readonly to: number
  /** Two bytes that name the model. */
  readonly deviceType: number
  readonly group: number
  readonly command: number
  readonly data: Uint8Array
}

export type Bx6Answer = { readonly group: number; readonly command: number; readonly error: number }

/** The frame of a command to a BX-6 graphic card: the same frame as of the font cards around another header. @see onbonlab/bx.dual.dyn.java */
export const encodeCommand = ({ to, deviceType, group, command, data }: Bx6Command): Uint8Array => {
  const header = [...u16(to), ...u16(HOST), PROTOCOL, 0, ...u16(deviceType), 0, 0, 0, 0]
  const length = u32(COMMAND_BYTES + data.length)
  const body = new Uint8Array(HEADER_BYTES + COMMAND_BYTES + data.length)
  body.set([...header, ...length, ANSWER_WANTED, group, command])
  body.set(data, HEADER_BYTES + COMMAND_BYTES)
  return encodeFrame(body)
}

/** Finds the data of a frame that says its own length rightly. */
const inspectData: Inspect<Uint8Array> = (bytes) => {
  const frame = inspectFrame(bytes)
  if (typeof frame === 'string') return frame
  const body = frame.value
  const declared = readU16(body, LENGTH_AT) + readU16(body, LENGTH_AT + 2) * 65_536
  const isWhole = body.length > HEADER_BYTES && declared === body.length - HEADER_BYTES
  return isWhole ? { length: frame.length, value: body } : 'none'
}

/** Finds commands: what a controller reads. */
export const inspectCommand: Inspect<Bx6Command> = (bytes) => {
  const found = inspectData(bytes)
  if (typeof found === 'string') return found
  const body = found.value
  const [, group = 0, command = 0] = body.subarray(HEADER_BYTES)
  const data = body.subarray(HEADER_BYTES + COMMAND_BYTES)
  const value = { to: readU16(body, 0), deviceType: readU16(body, 6), group, command, data }
  return { length: found.length, value }
}

/** Finds what a controller answers: reserved, group, command, two bytes of state, two of error. */
export const inspectAnswer: Inspect<Bx6Answer> = (bytes) => {
  const found = inspectData(bytes)
  if (typeof found === 'string') return found
  const [, group = 0, command = 0, , , low = 0, high = 0] = found.value.subarray(HEADER_BYTES)
  return { length: found.length, value: { group, command, error: low + high * 256 } }
}
