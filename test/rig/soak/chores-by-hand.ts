import type { Chore, openHousekeeping } from '../../../agent/adapters/system/housekeeping.ts'
import { eventually } from '../eventually.ts'

const MINUTE_MS = 60_000
/** The zone of schedules, which has no summer time. */
const ZONE_MS = 7 * 3_600_000
const CHORE_WITHIN_MS = 60_000

const isDue = (at: string, wall: number): boolean => {
  const [minute, hour] = at.split(' ')
  const local = new Date(wall + ZONE_MS)
  return Number(minute) === local.getUTCMinutes() && (hour === '*' || Number(hour) === local.getUTCHours())
}

/** The agent's own chores, each at its minute of a time that others let pass. */
export class ChoresByHand {
  #chores: readonly Chore[] = []
  #until = Number.POSITIVE_INFINITY
  runs = 0

  readonly open: typeof openHousekeeping = (chores) => {
    this.#chores = chores
    return { clockWasSet: () => undefined, [Symbol.dispose]: () => undefined }
  }

  /** Runs what fell due since the last call, and waits for it. */
  async runUntil(wall: number): Promise<void> {
    const now = Math.floor(wall / MINUTE_MS) * MINUTE_MS
    for (let minute = this.#until + MINUTE_MS; minute <= now; minute += MINUTE_MS)
      for (const chore of this.#chores) if (isDue(chore.at, minute)) await this.#run(chore)
    this.#until = now
  }

  async #run({ name, run }: Chore): Promise<void> {
    this.runs += 1
    let over = false
    const done = Promise.resolve(run()).finally(() => {
      over = true
    })
    await eventually(`the chore: ${name}`, () => over || undefined, CHORE_WITHIN_MS)
    await done
  }
}
