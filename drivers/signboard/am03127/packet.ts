import type { Inspect } from '../line/scanner.ts'
import { hex, latin, latinText } from '../words.ts'

const END = '<E>'
const LINE_START = '<ID'
const ID_DIGITS = 2
const SUM_DIGITS = 2
/** A page of 975 letters, which is what a sign takes, and its controls. */
const MOST_BYTES = 1100
const NEW_ID = /^<ID><([0-9A-F]{2})><E>/
const GRAPHIC = /^<G[A-P][1-8]>/
const GRAPHIC_HEAD_BYTES = 5
export const BLOCK_BYTES = 64

/** `id`: 0 every sign, none of which answers; `payload` one letter a byte. Or the one sign on the line gets an id. */
export type AmplusPacket = { readonly id: number; readonly payload: string } | { readonly newId: number }
export type AmplusReply = 'ACK' | 'NACK'

const xorOf = (payload: string): string => {
  let sum = 0
  for (const byte of latin(payload)) sum ^= byte
  return hex(sum, SUM_DIGITS)
}

/** `<IDxx>`, the payload, its XOR, `<E>`. @see AM004-03128/03127 LED Display Board Communication 2.2 */
export const encodePacket = (packet: AmplusPacket): Uint8Array => {
  if ('newId' in packet) return latin(`${LINE_START}><${hex(packet.newId, ID_DIGITS)}>${END}`)
  const { id, payload } = packet
  return latin(`${LINE_START}${hex(id, ID_DIGITS)}>${payload}${xorOf(payload)}${END}`)
}

/**
 * Finds packets: what a sign reads. A block of a picture is any 64 bytes and ends where they do; anything else ends at
 * the first `<E>`, and one that was cut is given up where the next begins.
 */
export const inspectPacket: Inspect<AmplusPacket> = (bytes) => {
  const text = latinText(bytes.subarray(0, MOST_BYTES))
  if (!beginsAs(text, LINE_START)) return 'none'
  const head = LINE_START.length + ID_DIGITS + 1
  if (text.length < head + GRAPHIC_HEAD_BYTES) return text.endsWith(END) ? 'none' : 'more'
  const newId = NEW_ID.exec(text)
  if (newId !== null)
    return { length: newId[0].length, value: { newId: Number.parseInt(newId[1] ?? '', 16) } }
  const id = /^<ID([0-9A-F]{2})>/.exec(text)?.[1]
  if (id === undefined) return 'none'
  const end = endOf(text, head)
  if (typeof end === 'string') return end
  const payload = text.slice(head, end - SUM_DIGITS)
  if (xorOf(payload) !== text.slice(end - SUM_DIGITS, end) || !text.startsWith(END, end)) return 'none'
  return { length: end + END.length, value: { id: Number.parseInt(id, 16), payload } }
}

/** Where `<E>` stands, or must. */
const endOf = (text: string, head: number): number | 'more' | 'none' => {
  if (GRAPHIC.test(text.slice(head))) {
    const end = head + GRAPHIC_HEAD_BYTES + BLOCK_BYTES + SUM_DIGITS
    return text.length < end + END.length ? 'more' : end
  }
  const end = text.indexOf(END, head + SUM_DIGITS)
  const next = text.indexOf(LINE_START, head)
  if (end < 0) return next >= 0 || text.length >= MOST_BYTES ? 'none' : 'more'
  return next >= 0 && next < end ? 'none' : end
}

/** Finds what a sign answers. */
export const inspectReply: Inspect<AmplusReply> = (bytes) => {
  const text = latinText(bytes.subarray(0, 4))
  for (const reply of ['ACK', 'NACK'] as const)
    if (text.startsWith(reply)) return { length: reply.length, value: reply }
  return beginsAs(text, 'ACK') || beginsAs(text, 'NACK') ? 'more' : 'none'
}

/** Whether it may go on to be the word. */
const beginsAs = (text: string, word: string): boolean =>
  text.length < word.length ? word.startsWith(text) : text.startsWith(word)
