import { epochMs } from '../../../agent/core/time.ts'
import { openJetfile2Signboard } from '../../../drivers/signboard/jetfile2/jetfile2-signboard.ts'
import { encodePacket, inspectPacket, type JetPacket } from '../../../drivers/signboard/jetfile2/packet.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { drawn, litOf } from './dots.ts'
import type { Candidate, Receiver, Request } from './sign-panel.ts'

const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))
const GOOD = Uint8Array.of(0x00, 0x90)
const CHECK_SUM_WRONG = Uint8Array.of(0x02, 0x90)
const FILE_HEAD = 7
const PIXELS_AT = 10

/** A sign with a disk in memory and an emergency text over its timetable. */
export class JetSign implements Receiver {
  readonly #files = new Map<string, Uint8Array>()
  #shown: string | undefined
  #staleAt = Number.POSITIVE_INFINITY
  readonly #size: { readonly width: number; readonly height: number }
  readonly #scanner = new Scanner(inspectPacket)

  constructor(size: { readonly width: number; readonly height: number }) {
    this.#size = size
  }

  readonly feed = (bytes: Uint8Array): readonly Request[] =>
    this.#scanner.feed(bytes).map((packet) => ({
      apply: () => this.#obey(packet),
      ack: replyTo(packet, GOOD),
      ...(packet.main === 0x02 ? { nack: replyTo(packet, CHECK_SUM_WRONG) } : {}),
    }))

  readonly seen = (): string | undefined =>
    performance.now() > this.#staleAt ? 'the timetable of the sign' : this.#shown

  readonly discarded = (): number => this.#scanner.discarded

  #obey({ main, sub, argument, data }: JetPacket): void {
    if (main !== 0x02) return
    if (sub === 0x06) this.#store(argument, data)
    if (sub !== 0x09) return
    this.#staleAt = performance.now() + (argument[0] ?? 0) * 1000 + (argument[1] ?? 0) * 256_000
    this.#shown = this.#draw(Buffer.from(data.subarray(FILE_HEAD, -1)).toString('latin1'))
  }

  #store(argument: Uint8Array, data: Uint8Array): void {
    const name = Buffer.from([argument[0] ?? 0, argument[2] ?? 0]).toString('latin1')
    const number = (argument[22] ?? 0) + (argument[23] ?? 0) * 256
    const before = number === 1 ? new Uint8Array() : (this.#files.get(name) ?? new Uint8Array())
    this.#files.set(name, Buffer.concat([before, data]))
  }

  #draw(content: string): string {
    const called = content.split('\x14')[1]
    if (called === undefined) return (content.split('\x1c')[1] ?? '').slice(1)
    const bmp = this.#files.get(called) ?? new Uint8Array()
    const view = new DataView(bmp.buffer, bmp.byteOffset, bmp.byteLength)
    const [at, width, height] = [PIXELS_AT, 18, 22].map((offset) => view.getUint32(offset, true))
    if (at === undefined || width !== this.#size.width || height !== this.#size.height)
      return 'not of this panel'
    const rowBytes = Math.ceil(width / 32) * 4
    return drawn(width, height, (x, y) => {
      const byte = bmp[at + (height - 1 - y) * rowBytes + (x >> 3)] ?? 0
      return ((byte >> (7 - (x & 7))) & 1) === 1
    })
  }
}

const replyTo = ({ main, sub, serial }: JetPacket, status: Uint8Array): Uint8Array =>
  encodePacket({ isReply: true, main, sub, serial, flag: 1, argument: status })

const PANEL = { id: 'gate', width: 64, height: 8 } as const
const WIRE = { baud: 115_200, bitsPerByte: 10, size: PANEL } as const
export const JET = {
  ...PANEL,
  driver: 'jetfile2',
  baud: WIRE.baud,
  color: 'mono',
  group: 0,
  unit: 0,
  watchdogSeconds: 60,
  utcHours: 7,
} as const
const SHARED = { ...WIRE, proof: 'acknowledged', answers: true, refuses: true } as const

export const JETFILE2: readonly Candidate[] = [
  {
    ...SHARED,
    name: 'jetfile2 with pictures in memory',
    open: (port, timing) => openJetfile2Signboard({ ...JET, port, content: 'raster' }, () => NOW, { timing }),
    receiver: () => new JetSign(PANEL),
    expected: litOf(PANEL),
  },
  {
    ...SHARED,
    name: 'jetfile2 with texts',
    open: (port, timing) => openJetfile2Signboard({ ...JET, port, content: 'text' }, () => NOW, { timing }),
    receiver: () => new JetSign(PANEL),
    expected: (_, text) => text,
  },
]
