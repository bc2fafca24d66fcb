import { epochMs } from '../../../agent/core/time.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { type Bx5kPacket, encodePacket, inspectPacket } from '../../../drivers/signboard/onbon/bx5k.ts'
import { openBx5kSignboard } from '../../../drivers/signboard/onbon/bx5k-signboard.ts'
import { inspectCommand } from '../../../drivers/signboard/onbon/bx6.ts'
import { openBx6Signboard } from '../../../drivers/signboard/onbon/bx6-signboard.ts'
import { encodeFrame } from '../../../drivers/signboard/onbon/frame.ts'
import { drawn, litOf } from './dots.ts'
import type { Candidate, Receiver, Request } from './sign-panel.ts'

const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))
const ADDRESS = 1
const HOST = 0x8000
const TEXT_AT = 27
const LOOP_UNTIL_STALE = 2

const answer = (command: number, error: number): Uint8Array =>
  encodePacket({ to: HOST, from: ADDRESS, group: 0xa0, command, reply: error })
const ACK = answer(0x00, 0)
const CRC_WRONG = 5
const NACK = answer(0x01, CRC_WRONG)

type Area = { readonly text: string; readonly staleAt: number }

/** A font card that draws texts: it knows its areas by id, forgets those that grow stale, and keeps its settings. */
export class FontCard implements Receiver {
  readonly packets: Bx5kPacket[] = []
  brightness: number | undefined
  time = ''
  isOn = false
  readonly #scanner = new Scanner(inspectPacket)
  readonly #areas = new Map<number, Area>()

  readonly feed = (bytes: Uint8Array): readonly Request[] =>
    this.#scanner.feed(bytes).map((packet) => ({
      apply: () => this.#obey(packet),
      ack: ACK,
      ...(packet.group === 0xa3 && packet.command === 0x06 ? { nack: NACK } : {}),
    }))

  readonly seen = (): string | undefined => {
    if (this.packets.every(({ command, group }) => group !== 0xa3 || command !== 0x06)) return undefined
    const area = this.#areas.get(0)
    return area === undefined || performance.now() > area.staleAt ? '' : area.text
  }

  readonly discarded = (): number => this.#scanner.discarded

  #obey(packet: Bx5kPacket): void {
    this.packets.push(packet)
    const { group, command, data } = packet
    if (group === 0xa3 && command === 0x06) this.#redraw(data)
    if (group === 0xa3 && command === 0x02) this.brightness = data[1]
    if (group === 0xa3 && command === 0x00) this.isOn = data[0] === 1
    if (group === 0xa2 && command === 0x03) this.time = Buffer.from(data).toString('hex')
  }

  #redraw(data: Uint8Array): void {
    const [deleted = 0] = data
    for (const id of data.subarray(1, 1 + deleted)) this.#areas.delete(id)
    const added = data[1 + deleted]
    const area = data.subarray(4 + deleted)
    if (added !== 1) return
    const view = new DataView(area.buffer, area.byteOffset, area.byteLength)
    const [id = 0, mode, seconds] = [area[9], area[11], view.getUint16(12, true)]
    const text = area.subarray(TEXT_AT, TEXT_AT + view.getUint32(23, true))
    const staleAt = mode === LOOP_UNTIL_STALE ? performance.now() + seconds * 1000 : Number.POSITIVE_INFINITY
    this.#areas.set(id, { text: Buffer.from(text).toString('latin1'), staleAt })
  }
}

const WIRE = { baud: 57_600, bitsPerByte: 10 } as const
const FONT_PANEL = { id: 'gate', width: 64, height: 16 } as const
export const FONT_CARD = {
  ...FONT_PANEL,
  driver: 'onbon-bx5k',
  baud: WIRE.baud,
  color: 'mono',
  address: ADDRESS,
  watchdogSeconds: 60,
  utcHours: 7,
} as const

const DOTS_PANEL = { id: 'gate', width: 40, height: 8 } as const
const WORDS = 2

const bx6Answer = (command: number, error: number): Uint8Array => {
  const header = [0x00, 0x80, 0xfe, 0xff, 0xf0, 0, 0x66, 0x02, 0, 0, 0, 0, 9, 0, 0, 0]
  return encodeFrame(Uint8Array.from([...header, 0, 0xa0, command, 0, 0, error, 0, 0, 0]))
}

/** A graphic card of one colour: the pixels stand at the end of the command. */
const graphicCard = (): Receiver => {
  const scanner = new Scanner(inspectCommand)
  const { width, height } = DOTS_PANEL
  let seen: string | undefined
  return {
    feed: (bytes) =>
      scanner.feed(bytes).map(({ command, data }) => ({
        apply: () => {
          const words = data.subarray(-WORDS * 4 * height)
          const view = new DataView(words.buffer, words.byteOffset, words.byteLength)
          const isDark = (x: number, y: number): boolean =>
            ((view.getUint32((y * WORDS + (x >> 5)) * 4, true) >>> (31 - (x & 31))) & 1) === 1
          seen = drawn(width, height, (x, y) => command === 0x00 && !isDark(x, y))
        },
        ack: bx6Answer(0x00, 0),
        nack: bx6Answer(0x01, 3),
      })),
    seen: () => seen,
    discarded: () => scanner.discarded,
  }
}

export const ONBON: readonly Candidate[] = [
  {
    ...WIRE,
    name: 'onbon-bx5k, which draws texts',
    size: FONT_PANEL,
    proof: 'acknowledged',
    answers: true,
    refuses: true,
    open: (port, timing) => openBx5kSignboard({ ...FONT_CARD, port }, () => NOW, { timing }),
    receiver: () => new FontCard(),
    expected: (_, text) => text,
  },
  {
    ...WIRE,
    name: 'onbon-bx6, which takes pixels',
    size: DOTS_PANEL,
    proof: 'acknowledged',
    answers: true,
    refuses: true,
    open: (port, timing) =>
      openBx6Signboard(
        {
          ...DOTS_PANEL,
          driver: 'onbon-bx6',
          port,
          baud: WIRE.baud,
          color: 'mono',
          address: ADDRESS,
          deviceType: 0x0266,
          watchdogSeconds: 60,
        },
        { timing },
      ),
    receiver: graphicCard,
    expected: litOf(DOTS_PANEL),
  },
]
