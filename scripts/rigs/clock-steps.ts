import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { benchAt, libfaketime } from '../../test/rig/faked-clock.ts'
import { Dice } from './parts/dice.ts'
import { Findings } from './parts/findings.ts'
import { limitTo } from './parts/limit.ts'
import { StepLane } from './parts/step-lane.ts'
import { anHourAhead, anHourBack, bootAt1970, setTo1970 } from './parts/step-rounds.ts'

const SECONDS_A_ROUND = 60
/** A start on a machine that has much else to do. */
const READY_MS = 60_000
const HOUR_MS = 3_600_000

type Unit = 'ahead and back' | 'boot at 1970' | 'set to 1970'
const unitsOf = (times: number): readonly Unit[] =>
  Array.from(
    { length: times },
    (_, n) => ['ahead and back' as const, n % 2 ? 'boot at 1970' : 'set to 1970'] as const,
  ).flat()

class ClockSteps {
  readonly #findings = new Findings()
  readonly #left: Unit[]
  readonly #dice: Dice
  #round = 0
  #planned = 0

  constructor(units: readonly Unit[], dice: Dice) {
    this.#left = [...units]
    this.#dice = dice
  }

  /** Rounds on one agent until none are left; an agent on which one went wrong is given up for a new one. */
  async lane(name: string): Promise<void> {
    while (this.#left.length > 0)
      await this.#bench(name).catch((error: unknown) => this.#findings.broken(`${name}: ${String(error)}`))
  }

  async #bench(name: string): Promise<void> {
    await using faked = await benchAt(0, { readyMs: READY_MS })
    const lane = new StepLane(name, faked)
    await lane.warmUp()
    try {
      for (let unit = this.#left.shift(); unit !== undefined; unit = this.#left.shift())
        await this.#go(lane, unit)
    } catch (error) {
      this.#findings.broken(`${name}: ${String(error)}`)
      console.log(await lane.lastWords())
    }
    // What an hour back left in the future comes to pass.
    lane.step(HOUR_MS)
    for (const fault of await lane.faults()) this.#findings.broken(fault)
    this.#planned += lane.planned
  }

  close(title: string): 0 | 1 {
    return this.#findings.close(`${title}, ${this.#planned} items`)
  }

  async #go(lane: StepLane, unit: Unit): Promise<void> {
    if (unit === 'ahead and back') {
      await this.#run(lane, '+1 h', anHourAhead)
      await this.#run(lane, '-1 h', anHourBack)
    } else await this.#run(lane, `1970 to now, ${unit}`, unit === 'boot at 1970' ? bootAt1970 : setTo1970)
  }

  async #run(
    lane: StepLane,
    what: string,
    round: (lane: StepLane, round: number, dice: Dice) => Promise<string>,
  ): Promise<void> {
    this.#round += 1
    const number = this.#round
    const told = await round(lane, number, this.#dice)
    console.log(`${number} ${what}: ${told}`)
    this.#findings.count(what)
    // Apart from the round before, so that its sounds are its own.
    await setTimeout(300)
  }
}

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '50' },
    lanes: { type: 'string', default: '4' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const [times, lanes, seed] = [values.times, values.lanes, values.seed].map(Number)
if (libfaketime() === undefined) console.log('SKIP clock-steps: no libfaketime (apt-get install faketime)')
else {
  console.log(`${times} steps of each kind on ${lanes} agents at a time, --seed ${seed}`)
  const steps = new ClockSteps(unitsOf(times ?? 0), new Dice(seed ?? 0))
  limitTo(120 + (3 * (times ?? 0) * SECONDS_A_ROUND) / (lanes ?? 1), () => steps.close('not all of it'))
  await Promise.all(Array.from({ length: lanes ?? 1 }, (_, n) => steps.lane('abcdefgh'[n] ?? 'z')))
  process.exitCode = steps.close('clock steps')
}
