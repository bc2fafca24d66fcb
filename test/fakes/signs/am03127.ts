import { epochMs } from '../../../agent/core/time.ts'
import { openAm03127Signboard } from '../../../drivers/signboard/am03127/am03127-signboard.ts'
import { inspectPacket } from '../../../drivers/signboard/am03127/packet.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { drawn, litOf } from './dots.ts'
import type { Candidate, Receiver, Request } from './sign-panel.ts'

const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))
const ROWS = 8
const ACK = Buffer.from('ACK')
/** A real sign sends the check sum it had expected behind it. */
const NACK = Buffer.from('NACK\x6c', 'latin1')

/** A sign with pages of lines, blocks of pixels and a page that runs. */
export class AmplusSign implements Receiver {
  readonly orders: string[] = []
  /** Writes that wear its flash. */
  writes = 0
  readonly #answers: boolean
  readonly #size: { readonly width: number; readonly height: number }
  readonly #blocks = new Map<string, Uint8Array>()
  readonly #lines = new Map<string, string>()
  #running = ''
  readonly #scanner = new Scanner(inspectPacket)

  constructor(size: { readonly width: number; readonly height: number }, answers = true) {
    this.#size = size
    this.#answers = answers
  }

  readonly feed = (bytes: Uint8Array): readonly Request[] =>
    this.#scanner.feed(bytes).map((packet) => {
      const payload = 'payload' in packet ? packet.payload : ''
      const isPage = payload.startsWith('<L') || payload.startsWith('<G')
      const answers = this.#answers ? { ack: ACK, ...(isPage ? { nack: NACK } : {}) } : {}
      return { apply: () => this.#obey(payload), ...answers }
    })

  readonly seen = (): string | undefined => {
    const { width, height } = this.#size
    const lines = Array.from({ length: height / ROWS }, (_, i) => this.#lines.get(`${this.#running}${i + 1}`))
    if (lines.every((line) => line === undefined)) return undefined
    if (lines.some((line) => line?.startsWith('<A') === true))
      return lines.map((line = '') => line.replace(/<..>/g, '')).join('\n')
    return drawn(width, height, (x, y) => this.#isLit(lines[Math.floor(y / ROWS)] ?? '', x, y % ROWS))
  }

  readonly discarded = (): number => this.#scanner.discarded

  #obey(payload: string): void {
    this.orders.push(payload.startsWith('<G') ? payload.slice(0, 5) : payload)
    const [, x, n] = /^<G(.)(.)>/.exec(payload) ?? []
    const [, line, page, content] = /^<L(.)><P(.)>(?:<..>){4}(.*)$/s.exec(payload) ?? []
    if (x !== undefined) this.#blocks.set(`${x}${n}`, Buffer.from(payload.slice(5), 'latin1'))
    if (page !== undefined) this.#lines.set(`${page}${line}`, content ?? '')
    if (payload.startsWith('<RP')) this.#running = payload.charAt(3)
    if (x !== undefined || page !== undefined) this.writes += 1
  }

  #isLit(line: string, x: number, y: number): boolean {
    const [, page, n] = [...line.matchAll(/<G(.)(.)>/g)][x >> 5] ?? []
    const block = this.#blocks.get(`${page}${n}`)
    const unit = (x & 31) >> 3
    const byte = block?.[unit * 16 + y * 2 + ((x & 7) >> 2)] ?? 0
    return ((byte >> (6 - 2 * (x & 3))) & 0b11) !== 0
  }
}

const PANEL = { id: 'gate', width: 32, height: 8 } as const
const WIRE = { baud: 38_400, bitsPerByte: 10, size: PANEL } as const
export const AMPLUS = {
  ...PANEL,
  driver: 'am03127',
  baud: WIRE.baud,
  color: 'mono',
  content: 'raster',
  signId: 1,
  utcHours: 7,
} as const
const PATIENT = { farewellMs: 2000 } as const

export const AM03127: readonly Candidate[] = [
  {
    ...WIRE,
    name: 'am03127',
    proof: 'acknowledged',
    answers: true,
    refuses: true,
    open: (port, timing) =>
      openAm03127Signboard({ ...AMPLUS, port }, () => NOW, { timing: { ...timing, ...PATIENT } }),
    receiver: () => new AmplusSign(PANEL),
    expected: litOf(PANEL),
  },
  {
    ...WIRE,
    name: 'am03127 that draws texts, all signs of the line at once',
    proof: 'sent',
    answers: false,
    refuses: false,
    open: (port, timing) =>
      openAm03127Signboard({ ...AMPLUS, port, content: 'text', signId: 0 }, () => NOW, {
        timing: { ...timing, ...PATIENT },
      }),
    receiver: () => new AmplusSign(PANEL, false),
    expected: (_, text) => text,
  },
]
