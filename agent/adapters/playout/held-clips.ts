import type { EpochMs } from '../../core/time.ts'
import type { PlayOrder, PlayoutReport } from '../../ports/playout.ts'

type Held = {
  readonly order: PlayOrder
  readonly started: boolean
  readonly frame: number
  readonly underruns: number
}

/** What the playout process holds, as its reports tell: the ground for saying what was lost when it dies. */
export class HeldClips {
  readonly #held = new Map<string, Held>()

  add(order: PlayOrder): void {
    this.#held.set(order.clip.id, { order, started: false, frame: order.fromFrame, underruns: 0 })
  }

  note(report: PlayoutReport): void {
    if (!('clip' in report)) return
    const held = this.#held.get(report.clip)
    if (held === undefined) return
    if (report.kind === 'ended') this.#held.delete(report.clip)
    if (report.kind === 'started')
      this.#held.set(report.clip, { ...held, started: true, frame: report.frame })
    if (report.kind === 'progress')
      this.#held.set(report.clip, { ...held, frame: report.frame, underruns: report.underruns })
  }

  /** Something sounds: the process should be feeding the device. */
  get sounding(): boolean {
    return [...this.#held.values()].some(({ started }) => started)
  }

  /** One `ended` `lost` for each clip held; nothing is held afterwards. Positions are those of the last progress report. */
  lose(at: EpochMs): readonly PlayoutReport[] {
    const lost = [...this.#held.values()].map(
      ({ order, frame, underruns }): PlayoutReport => ({
        kind: 'ended',
        clip: order.clip.id,
        end: 'lost',
        at,
        frame,
        frames: frame - order.fromFrame,
        underruns,
        faults: [],
      }),
    )
    this.#held.clear()
    return lost
  }
}
