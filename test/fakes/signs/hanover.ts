import { openHanoverSignboard } from '../../../drivers/signboard/hanover/hanover-signboard.ts'
import { inspectPacket } from '../../../drivers/signboard/hanover/packet.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { drawn, litOf } from './dots.ts'
import type { Candidate, Receiver } from './sign-panel.ts'

const PANEL = { id: 'gate', width: 32, height: 16 } as const
const ADDRESS = 3
const WRITE = 1
const LENGTH_DIGITS = 2
const COLUMN_DIGITS = 4

/** A sign on a bus that takes pictures for its address, column by column. */
const flipDots = (): Receiver => {
  const scanner = new Scanner(inspectPacket)
  let seen: string | undefined
  return {
    feed: (bytes) =>
      scanner.feed(bytes).map(({ command, address, payload }) => ({
        apply: () => {
          if (command !== WRITE || address !== ADDRESS) return
          const byteAt = (x: number, y: number): number => {
            const at = LENGTH_DIGITS + x * COLUMN_DIGITS + (y >> 3) * 2
            return Number.parseInt(payload.slice(at, at + 2), 16)
          }
          seen = drawn(PANEL.width, PANEL.height, (x, y) => ((byteAt(x, y) >> (y & 7)) & 1) === 1)
        },
      })),
    seen: () => seen,
    discarded: () => scanner.discarded,
  }
}

export const HANOVER: readonly Candidate[] = [
  {
    name: 'hanover',
    size: PANEL,
    baud: 19_200,
    bitsPerByte: 10,
    proof: 'sent',
    answers: false,
    refuses: false,
    open: (port, timing) =>
      openHanoverSignboard({ ...PANEL, driver: 'hanover', port, baud: 19_200, address: ADDRESS }, { timing }),
    receiver: flipDots,
    expected: litOf(PANEL),
  },
]
