import { openAdalightSignboard } from '../../../drivers/signboard/adalight/adalight-signboard.ts'
import { inspectFrame as inspectAdalight } from '../../../drivers/signboard/adalight/frame.ts'
import { openAwaSignboard } from '../../../drivers/signboard/awa/awa-signboard.ts'
import { inspectFrame as inspectAwa } from '../../../drivers/signboard/awa/frame.ts'
import { type Inspect, Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { inspectFrame as inspectTpm2, PING, REPLY } from '../../../drivers/signboard/tpm2/frame.ts'
import { openTpm2Signboard } from '../../../drivers/signboard/tpm2/tpm2-signboard.ts'
import type { Candidate, Receiver } from './sign-panel.ts'

const PANEL = { id: 'gate', width: 16, height: 8 } as const
const WIRE = { baud: 921_600, bitsPerByte: 10 } as const
const BOARD = { ...PANEL, baud: WIRE.baud, color: 'rgb', layout: 'rows' } as const

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A panel whose every frame is the whole strip, in rows. `inspect` finds frames, and what needs an answer only. */
const stripReceiver = (inspect: Inspect<Uint8Array | 'ping'>): Receiver => {
  const scanner = new Scanner(inspect)
  let seen: string | undefined
  return {
    feed: (bytes) =>
      scanner.feed(bytes).map((message) =>
        message === 'ping'
          ? { apply: () => undefined, ack: Uint8Array.of(REPLY) }
          : {
              apply: () => {
                seen = hexOf(message)
              },
            },
      ),
    seen: () => seen,
    discarded: () => scanner.discarded,
  }
}

const withPing: Inspect<Uint8Array | 'ping'> = (bytes) => {
  const [start, kind] = bytes
  if (start === PING[0] && kind === PING[1]) return { length: PING.length, value: 'ping' }
  return inspectTpm2(bytes)
}

const STRIP = {
  ...WIRE,
  size: PANEL,
  expected: (rgb: Uint8Array) => hexOf(rgb),
  proof: 'sent',
  answers: false,
  refuses: false,
} as const

export const STRIPS: readonly Candidate[] = [
  {
    ...STRIP,
    name: 'adalight',
    open: (port, timing) => openAdalightSignboard({ ...BOARD, driver: 'adalight', port }, { timing }),
    receiver: () => stripReceiver(inspectAdalight),
  },
  {
    ...STRIP,
    name: 'awa',
    open: (port, timing) => openAwaSignboard({ ...BOARD, driver: 'awa', port }, { timing }),
    receiver: () => stripReceiver(inspectAwa),
  },
  {
    ...STRIP,
    name: 'tpm2',
    open: (port, timing) => openTpm2Signboard({ ...BOARD, driver: 'tpm2', answers: false, port }, { timing }),
    receiver: () => stripReceiver(inspectTpm2),
  },
  {
    ...STRIP,
    name: 'tpm2 whose receiver answers pings',
    answers: true,
    open: (port, timing) => openTpm2Signboard({ ...BOARD, driver: 'tpm2', answers: true, port }, { timing }),
    receiver: () => stripReceiver(withPing),
  },
]
