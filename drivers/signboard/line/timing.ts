import type { SerialSettings } from '../../serial/serial-link.ts'

/** How a port is set. */
export type LineSettings = Pick<SerialSettings, 'path' | 'baudRate' | 'dataBits' | 'parity' | 'stopBits'>

/** Times of a line; drivers set what their controller needs, and tests shorten them. */
export type LineTiming = {
  /** A picture is sent again when nothing new has been for so long: a panel that lost power shows it again. */
  readonly reassertMs: number
  /** A controller that answers is asked when it has said nothing for so long. */
  readonly pingMs: number
  /** How long a reply may take after the last byte has left. */
  readonly replyMs: number
  /** How often a packet is sent before the sign counts as not answering. */
  readonly tries: number
  /** Where tries take long on a slow wire, it counts as not answering after this. */
  readonly patienceMs: number
  /** Silence on the line between what the controller sent and what it is sent next. */
  readonly turnaroundMs: number
  /** A controller that keeps pages in flash is written no more often, alerts excepted. */
  readonly storedApartMs: number
  /** Least and most time between two attempts to open the port, and to reach a controller that does not answer. */
  readonly retryMs: { readonly least: number; readonly most: number }
  /** On top of the time on the wire. */
  readonly writeGraceMs: number
  /** How long opening the sign waits for its port. */
  readonly firstOpenMs: number
  /** How long closing waits for the last picture to be taken. */
  readonly farewellMs: number
}

export const LINE_TIMING: LineTiming = {
  reassertMs: 10_000,
  pingMs: 3000,
  replyMs: 1000,
  tries: 3,
  patienceMs: 5000,
  turnaroundMs: 5,
  storedApartMs: 60_000,
  retryMs: { least: 1000, most: 30_000 },
  writeGraceMs: 2000,
  firstOpenMs: 1000,
  farewellMs: 1000,
}

/** A port as nearly every controller has it. */
export const eightNone = ({
  port,
  baud,
}: {
  readonly port: string
  readonly baud: number
}): LineSettings => ({ path: port, baudRate: baud, dataBits: 8, parity: 'none', stopBits: 1 })

/** Milliseconds that bytes are on a serial wire: start bit, data, parity, stop bits. */
export const wireMs = (
  bytes: number,
  { baudRate, dataBits, parity, stopBits }: Omit<LineSettings, 'path'>,
): number => (bytes * (1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits) * 1000) / baudRate
