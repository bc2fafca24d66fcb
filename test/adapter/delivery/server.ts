import { join } from 'node:path'
import { type ChainReport, checkLedger } from '../../../scripts/source-system/check.ts'
import { openRecordLedger, type RecordLedger } from '../../../scripts/source-system/record-ledger.ts'
import { createReceiver } from '../../../scripts/source-system/record-server.ts'
import { DEVICE, markOf, type Span } from './device.ts'

/** The server side of `scripts/province`: its ledger in a file that outlives it, and what an operator reads from it. */
export class Server {
  /** Marks of the records that were inserted so far. */
  readonly arrived = new Set<string>()
  duplicates = 0
  readonly #file: string
  readonly #answer: (topic: string, payload: string) => void
  #ledger: RecordLedger

  constructor(root: string, answer: (topic: string, payload: string) => void) {
    this.#file = join(root, 'records.db')
    this.#answer = answer
    this.#ledger = openRecordLedger(this.#file)
  }

  receive(topic: string, payload: string): void {
    const receive = createReceiver({
      ledger: this.#ledger,
      answer: this.#answer,
      onBatch: ({ inserted, duplicates }) => {
        this.duplicates += duplicates
        for (const mark of inserted.map(markOf)) if (mark !== undefined) this.arrived.add(mark)
      },
      onRefused: (_topic, error) => {
        throw error
      },
    })
    receive(topic, Buffer.from(payload))
  }

  /** SIGKILL: what was committed is there again. */
  crash(): void {
    this.close()
    this.#ledger = openRecordLedger(this.#file)
  }

  close(): void {
    this.#ledger[Symbol.dispose]()
  }

  report(epoch: string): ChainReport | undefined {
    return checkLedger(this.#ledger).find((each) => each.epoch === epoch)
  }

  heldTo(epoch: string): number {
    return this.#ledger.ackOf({ device: DEVICE, epoch })?.upTo ?? 0
  }

  /** Hash and epoch of every stored record, by its mark. */
  stored() {
    return this.#ledger
      .chains()
      .flatMap((key) =>
        this.#ledger
          .stored(key)
          .map(({ record }) => ({ epoch: key.epoch, hash: record.hash, mark: markOf(record), record })),
      )
  }

  /** What the device said it had to drop, of each epoch. */
  gaps(): readonly Span[] {
    const own = checkLedger(this.#ledger).flatMap(({ epoch, gaps }) => gaps.map((gap) => ({ epoch, ...gap })))
    const before = this.#ledger.events().flatMap(({ data }) => {
      const { previousEpoch, gaps = [] } = data as {
        previousEpoch?: string
        gaps?: readonly Omit<Span, 'epoch'>[]
      }
      return gaps.map((gap) => ({ ...gap, epoch: String(previousEpoch) }))
    })
    return [...own, ...before]
  }
}
