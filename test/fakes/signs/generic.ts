import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import { openGenericSignboard } from '../../../drivers/signboard/generic/generic-signboard.ts'
import { type Inspect, Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { drawn } from './dots.ts'
import type { Candidate, Receiver } from './sign-panel.ts'

type GenericConfig = Extract<SignConfig, { readonly driver: 'generic-serial' }>

const PANEL = { id: 'gate', width: 16, height: 8 } as const
const HEADER = [0xaa, 0x55, 0x10] as const
const FOOTER = [0x0d, 0x0a] as const
const [ACK, NACK] = [0x06, 0x15]
const PIXEL_BYTES = (PANEL.width / 8) * PANEL.height
const FRAME_BYTES = HEADER.length + PIXEL_BYTES + 1 + FOOTER.length

/** A controller of one colour as a local maker would build it: a bit a pixel, columns of eight, lowest bit on top, a sum. */
const config: Omit<GenericConfig, 'port'> = {
  ...PANEL,
  driver: 'generic-serial',
  baud: 57_600,
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
  header: 'AA 55 10',
  footer: '0D 0A',
  pixels: { format: 'mono', rows: 'top-down', layout: 'columns', first: 'low', inverted: false },
  checksum: { kind: 'sum8', over: 'pixels' },
}

const inspect: Inspect<Uint8Array> = (bytes) => {
  if (HEADER.some((value, i) => i < bytes.length && bytes[i] !== value)) return 'none'
  if (bytes.length < FRAME_BYTES) return 'more'
  const pixels = bytes.slice(HEADER.length, HEADER.length + PIXEL_BYTES)
  const sum = pixels.reduce((total, value) => (total + value) & 0xff, 0)
  const [check, ...end] = bytes.subarray(HEADER.length + PIXEL_BYTES, FRAME_BYTES)
  const isWhole = check === sum && FOOTER.every((value, i) => end[i] === value)
  return isWhole ? { length: FRAME_BYTES, value: pixels } : 'none'
}

const receiver = (answers: boolean): Receiver => {
  const scanner = new Scanner(inspect)
  let seen: string | undefined
  return {
    feed: (bytes) =>
      scanner.feed(bytes).map((pixels) => ({
        apply: () => {
          seen = drawn(PANEL.width, PANEL.height, (x, y) => (((pixels[x] ?? 0) >> y) & 1) === 1)
        },
        ...(answers ? { ack: Uint8Array.of(ACK), nack: Uint8Array.of(NACK) } : {}),
      })),
    seen: () => seen,
    discarded: () => scanner.discarded,
  }
}

const GENERIC = {
  size: PANEL,
  baud: config.baud,
  bitsPerByte: 10,
  expected: (rgb: Uint8Array) =>
    drawn(PANEL.width, PANEL.height, (x, y) => (rgb[(y * PANEL.width + x) * 3] ?? 0) > 0),
} as const

export const GENERICS: readonly Candidate[] = [
  {
    ...GENERIC,
    name: 'generic-serial that says nothing',
    proof: 'sent',
    answers: false,
    refuses: false,
    open: (port, timing) => openGenericSignboard({ ...config, port }, { timing }),
    receiver: () => receiver(false),
  },
  {
    ...GENERIC,
    name: 'generic-serial that answers',
    proof: 'acknowledged',
    answers: true,
    refuses: true,
    open: (port, timing) =>
      openGenericSignboard({ ...config, port, answer: { ack: '06', nack: '15' } }, { timing }),
    receiver: () => receiver(true),
  },
]
