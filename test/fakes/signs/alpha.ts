import { epochMs } from '../../../agent/core/time.ts'
import type { LayoutMemory } from '../../../drivers/signboard/alpha/alpha-codec.ts'
import { openAlphaSignboard } from '../../../drivers/signboard/alpha/alpha-signboard.ts'
import { layoutHash, layoutOf } from '../../../drivers/signboard/alpha/layout.ts'
import { type AlphaCommand, inspectPacket } from '../../../drivers/signboard/alpha/packet.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { drawn, litOf } from './dots.ts'
import type { Candidate, Receiver, Request } from './sign-panel.ts'

/** A clock that no sign is set from: each order costs a pause. */
const UNKNOWN = epochMs(0)
const PRIORITY = '0'
const ESCAPE = '\x1b'
const CALL = '\x14'
const MANNER = 3
const ACK = Uint8Array.of(0x06, 0x40)
const CHECK_SUM_WRONG = Uint8Array.of(0x15, 0x50)
const LABEL_UNKNOWN = Uint8Array.of(0x15, 0x60)

/** A sign that stores texts and pictures under labels, and draws a text anew whenever one is written. */
export class AlphaSign implements Receiver {
  /** What was done with it, without the pictures. */
  readonly orders: string[] = []
  /** Labels it has room for; undefined: every one. */
  labels: string | undefined
  readonly #answers: boolean
  #page: string | undefined
  #priority: string | undefined
  readonly #pictures = new Map<string, string>()
  readonly #scanner = new Scanner(inspectPacket)

  constructor(answers: boolean) {
    this.#answers = answers
  }

  readonly feed = (bytes: Uint8Array): readonly Request[] =>
    this.#scanner.feed(bytes).flatMap(({ commands }) => commands.map((command) => this.#request(command)))

  readonly seen = (): string | undefined => this.#priority ?? this.#page

  readonly discarded = (): number => this.#scanner.discarded

  #request({ code, data }: AlphaCommand): Request {
    const body = Buffer.from(data).toString('latin1')
    const label = body.slice(0, 1)
    const isUnknown = this.labels !== undefined && 'AI'.includes(code) && !this.labels.includes(label)
    const apply = () => {
      if (isUnknown) return
      if (code !== 'I') this.orders.push(code + body)
      this.#obey(code, label, body.slice(1))
    }
    if (!this.#answers) return { apply }
    const nack = 'AI'.includes(code) ? { nack: CHECK_SUM_WRONG } : {}
    return { apply, ack: isUnknown ? LABEL_UNKNOWN : ACK, ...nack }
  }

  #obey(code: string, label: string, rest: string): void {
    if (code === 'I') this.#pictures.set(label, rest)
    if (code === 'E' && label === '$') this.#lay(rest)
    if (code === 'A' && label === PRIORITY) this.#priority = rest === '' ? undefined : this.#shown(rest)
    if (code === 'A' && label !== PRIORITY) this.#page = this.#shown(rest)
  }

  /** Memory that is divided anew is empty. */
  #lay(files: string): void {
    this.#page = undefined
    this.#pictures.clear()
    const labels = Array.from({ length: files.length / 11 }, (_, i) => files.charAt(i * 11))
    if (this.labels !== undefined) this.labels = `${PRIORITY}${labels.join('')}`
  }

  #shown(text: string): string {
    const content = text.startsWith(ESCAPE) ? text.slice(MANNER) : text
    if (!content.startsWith(CALL)) return content
    const picture = this.#pictures.get(content.charAt(1)) ?? ''
    const [height, width] = [
      Number.parseInt(picture.slice(0, 2), 16),
      Number.parseInt(picture.slice(2, 4), 16),
    ]
    const rows = picture.slice(4).split('\r')
    return Number.isNaN(width) ? '' : drawn(width, height, (x, y) => (rows[y] ?? '').charAt(x) !== '0')
  }
}

const PANEL = { id: 'gate', width: 32, height: 8 } as const
export const ALPHA = {
  ...PANEL,
  driver: 'alpha',
  baud: 9600,
  color: 'mono',
  type: 'Z',
  address: '00',
  utcHours: 7,
} as const

/** As of a sign that was laid out before. */
const laidOut = (content: 'raster' | 'text'): LayoutMemory => ({
  recall: () => layoutHash(layoutOf(content, PANEL)),
  remember: () => undefined,
})

/** Seven bits and parity; its pauses make it slow. */
const WIRE = { baud: 57_600, bitsPerByte: 10, size: PANEL } as const
const PATIENT = { farewellMs: 5000, replyMs: 150 } as const

export const ALPHAS: readonly Candidate[] = [
  {
    ...WIRE,
    name: 'alpha that says nothing',
    proof: 'sent',
    answers: false,
    refuses: false,
    open: (port, timing) =>
      openAlphaSignboard(
        { ...ALPHA, port, baud: WIRE.baud, content: 'raster', answers: false },
        () => UNKNOWN,
        laidOut('raster'),
        {
          timing: { ...timing, ...PATIENT },
        },
      ),
    receiver: () => new AlphaSign(false),
    expected: litOf(PANEL),
  },
  {
    ...WIRE,
    name: 'alpha that draws texts and answers',
    proof: 'acknowledged',
    answers: true,
    refuses: true,
    open: (port, timing) =>
      openAlphaSignboard(
        { ...ALPHA, port, baud: WIRE.baud, content: 'text', answers: true },
        () => UNKNOWN,
        laidOut('text'),
        {
          timing: { ...timing, ...PATIENT },
        },
      ),
    receiver: () => new AlphaSign(true),
    expected: (_, text) => text,
  },
]
