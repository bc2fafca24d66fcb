import type { PlaybackRecord } from '../../../agent/core/records.ts'
import { epochMs, isoUtc } from '../../../agent/core/time.ts'
import { eventually } from '../../../test/rig/eventually.ts'
import { DEVICE, type Source } from '../cuts/source.ts'
import type { SoundSpan } from './sound-spans.ts'
import type { VirtBoard } from './virt-board.ts'

/** By the board's own clock. */
const LEAD_MS = 12_000
export const LIMIT_MS = 400_000

/** Where everything that is written down had come to. */
export type Mark = { readonly changes: number; readonly spans: number; readonly pictures: number }

type Fields = Readonly<Record<string, unknown>>

/** A board and the province it belongs to. */
export class VirtStation {
  readonly board: VirtBoard
  readonly source: Source

  constructor(board: VirtBoard, source: Source) {
    this.board = board
    this.source = source
  }

  mark(): Mark {
    const { changes, ear, sign } = this.board
    return { changes: changes.length, spans: ear.spans.length, pictures: sign.seen }
  }

  /** Wall time of the board, which is behind this machine's. */
  async clock(): Promise<number> {
    // That of busybox knows no milliseconds.
    return Number((await this.board.hand.run('/bin/date +%s%3N')).output)
  }

  /** Plans one item a few seconds ahead; whatever was planned before is over. */
  async plan(id: string, more: Fields = {}): Promise<void> {
    const now = await this.clock()
    const at = isoUtc(epochMs(Math.ceil((now + LEAD_MS) / 1000) * 1000))
    const late = { policy: 'skip', withinSeconds: 60 }
    const item = { id, when: { at }, parts: [{ sound: 'attention' }], late, ...more }
    await this.source.schedule([item], new Date(now))
  }

  async record(id: string): Promise<PlaybackRecord> {
    const { ledger } = this.source.province.records
    return await this.source.until(() => ledger.playback(DEVICE).find(({ item }) => item === id), LIMIT_MS)
  }

  /** The relay's line has changed so often since. */
  async relay(since: Mark, times: number): Promise<void> {
    await this.#come(
      `${times} changes of the relay`,
      () => this.board.relaySince(since.changes).length >= times,
    )
  }

  /** Sound that began after the mark, once so much of it was heard. */
  async sound(since: Mark, seconds = 0): Promise<SoundSpan> {
    const heard = (): SoundSpan | undefined => {
      const span = this.board.ear.spans[since.spans]
      return span !== undefined && span.to - span.from >= seconds * 48_000 ? span : undefined
    }
    return await eventually('it is heard', heard, LIMIT_MS)
  }

  /** The next heartbeat that says so of the amplifier. */
  async amplifier(state: string): Promise<void> {
    await this.source.until(() => {
      const amps = this.source.body('heartbeat')?.['amps'] as Fields | undefined
      return amps?.['main'] === state || undefined
    }, LIMIT_MS)
  }

  /** Events with this code, as `alarm fault`, `info ok` …, once there are so many. */
  async events(code: string, count: number): Promise<readonly string[]> {
    const told = (): readonly string[] =>
      this.source.events
        .filter((event) => event.code === code)
        .map(({ severity, data }) => `${severity} ${String((data as Fields)['state'])}`)
    await this.source.until(() => told().length >= count || undefined, LIMIT_MS)
    return told()
  }

  async #come(what: string, holds: () => boolean): Promise<void> {
    await eventually(what, () => holds() || undefined, LIMIT_MS)
  }
}
