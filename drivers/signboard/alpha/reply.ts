import type { Inspect } from '../line/scanner.ts'

const ACK = 0x06
const NAK = 0x15
/** What follows a reply: always this bit, with those of what went wrong. */
const STATUS = 0x40
const ILLEGAL = 0x20
const CHECK_SUM = 0x10
const OVERFLOW = 0x08

export type AlphaReply = { readonly isAck: boolean; readonly status: number }

const isStatus = (byte: number | undefined): byte is number => byte !== undefined && (byte & 0xc0) === STATUS

/** Finds what signs of protocol 2.0 answer once they are told to. An ACK does not wait for its status. */
export const inspectReply: Inspect<AlphaReply> = (bytes) => {
  const [kind, status] = bytes
  if (kind !== ACK && kind !== NAK) return 'none'
  if (kind === NAK && status === undefined) return 'more'
  const value = { isAck: kind === ACK, status: isStatus(status) ? status : STATUS }
  return { length: isStatus(status) ? 2 : 1, value }
}

/** The sign does not know a label: its memory is not laid out as it was. */
export const isForgotten = ({ isAck, status }: AlphaReply): boolean => !isAck && (status & ILLEGAL) !== 0

export const refusalOf = ({ status }: AlphaReply): string => {
  if ((status & ILLEGAL) !== 0) return 'it does not know the command or the label'
  if ((status & CHECK_SUM) !== 0) return 'the check sum was wrong'
  return (status & OVERFLOW) !== 0 ? 'its buffer overflowed' : `status ${status.toString(16)}`
}
