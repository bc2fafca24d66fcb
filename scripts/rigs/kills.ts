import { parseArgs } from 'node:util'
import { Bench, toneMp3 } from '../../test/rig/bench.ts'
import { accountFaults } from './parts/account.ts'
import { Dice } from './parts/dice.ts'
import { Findings } from './parts/findings.ts'
import { allowedOutcomes, type Blow } from './parts/kill-judge.ts'
import { ITEM_SECONDS, kill, type Round, type RoundResult, warmUp } from './parts/kill-round.ts'
import { limitTo } from './parts/limit.ts'

const KILLS = ['agent', 'playout', 'both'] as const
const POLICIES = ['skip', 'play', 'join'] as const
const SECONDS_A_ROUND = 60
/** A start on a machine that has much else to do. */
const READY_MS = 60_000
const GOES_ON = /^(completed|partial)/
/** Before its second it is armed and the relay closes; the last half second is left to it. */
const STRIKE_MS = { from: -1500, to: (ITEM_SECONDS - 0.5) * 1000 }

const roundsOf = (times: number, stops: number, dice: Dice): readonly Round[] => {
  const kinds: readonly Blow['what'][] = [
    ...Array.from({ length: times }, (_, n) => KILLS[n % 3] ?? 'agent'),
    ...Array.from({ length: stops }, () => 'stop' as const),
  ]
  return kinds.map((what, n) => ({
    item: `i${n}-${what}`,
    what,
    policy: POLICIES[Math.floor(n / 3) % 3] ?? 'skip',
    at: Math.round(dice.between(STRIKE_MS.from, STRIKE_MS.to)),
  }))
}

class Kills {
  readonly #findings = new Findings()
  readonly #left: Round[]
  readonly #all: number
  readonly #relay: Readonly<Record<Blow['what'], (ms: number | undefined) => void>>
  readonly #soundAgain = this.#findings.row('SIGKILL to sounding again, item due', {
    of: 0,
    unit: 'ms',
    below: 5000,
  })
  readonly #exit = this.#findings.row('SIGTERM to exit', { of: 0, unit: 'ms', below: 8000 })
  readonly #played = this.#findings.row('playedSeconds against the DAC', { of: 2, unit: 's', below: 2 })

  readonly #bareNode = this.#findings.row('for comparison: a bare Node, start to end', { of: 0, unit: 'ms' })

  constructor(rounds: readonly Round[]) {
    this.#left = [...rounds]
    this.#all = rounds.length
    const relay = (what: string) =>
      this.#findings.row(`${what}: relay open`, { of: 0, unit: 'ms', below: 1000 })
    this.#relay = {
      playout: relay('playout killed'),
      agent: relay('agent killed'),
      both: relay('both killed, open-relays run'),
      stop: relay('SIGTERM'),
    }
  }

  /** Rounds on one bench until none are left; a bench on which one went wrong is given up for a new one. */
  async lane(): Promise<void> {
    while (this.#left.length > 0)
      await this.#bench().catch((error: unknown) => this.#findings.broken(String(error)))
  }

  async #bench(): Promise<void> {
    await using bench = await Bench.running({ readyMs: READY_MS })
    const media = bench.serve(toneMp3(ITEM_SECONDS), ITEM_SECONDS)
    await warmUp(bench, media)
    const done: string[] = []
    for (let round = this.#left.shift(); round !== undefined; round = this.#left.shift()) {
      done.push(round.item)
      try {
        this.#note(round, await kill(bench, media, done.length + 1, round))
      } catch (error) {
        this.#findings.broken(`${round.item} ${round.policy}: ${String(error)}`)
        break
      }
    }
    for (const fault of accountFaults(bench.observer, done)) this.#findings.broken(fault)
  }

  close(title: string): 0 | 1 {
    return this.#findings.close(title)
  }

  #note({ item, what, policy }: Round, result: RoundResult): void {
    const { blow, record, relayOpenMs, soundAgainMs, exitMs } = result
    const outcome = [record['result'], record['reason']].filter(Boolean).join(' ')
    const played = Number(record['playedSeconds'])
    const heard = result.heardSeconds
    console.log(
      `${this.#all - this.#left.length}/${this.#all} ${what} ${policy}: at ${(blow.at / 1000).toFixed(2)} s` +
        `${relayOpenMs === undefined ? '' : `, relay open after ${relayOpenMs} ms`}` +
        `${soundAgainMs === undefined ? '' : `, sound after ${soundAgainMs.toFixed(0)} ms`}` +
        `${exitMs === undefined ? '' : `, exit after ${exitMs.toFixed(0)} ms`}` +
        `, ${outcome}, ${played.toFixed(2)} of ${heard.toFixed(2)} s`,
    )
    this.#relay[what](relayOpenMs)
    if (what !== 'playout') this.#soundAgain(soundAgainMs)
    this.#exit(exitMs)
    this.#bareNode(result.bareNodeMs)
    this.#played(Math.abs(played - heard))
    this.#findings.count(`${what} ${policy}: ${outcome}`)
    const faults = [
      ...(allowedOutcomes(blow).includes(outcome)
        ? []
        : [`${outcome}, not ${allowedOutcomes(blow).join(' or ')}`]),
      ...(soundAgainMs !== undefined && !GOES_ON.test(outcome) ? ['it sounded again'] : []),
      ...(what === 'stop' && result.exitCode !== 0 ? [`exit code ${String(result.exitCode)}`] : []),
      ...(result.openAtExit === false ? ['the relay was closed when the agent was gone'] : []),
    ]
    for (const fault of faults) this.#findings.broken(`${item} ${policy} (${JSON.stringify(blow)}): ${fault}`)
  }
}

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '100' },
    stops: { type: 'string', default: '24' },
    lanes: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const [times, stops, lanes, seed] = [values.times, values.stops, values.lanes, values.seed].map(Number)
const rounds = roundsOf(times ?? 0, stops ?? 0, new Dice(seed ?? 0))
console.log(`${rounds.length} items on ${lanes} agents at a time, --seed ${seed}`)
const kills = new Kills(rounds)
limitTo(60 + (rounds.length * SECONDS_A_ROUND) / (lanes ?? 1), () => kills.close('not all of it'))
await Promise.all(Array.from({ length: lanes ?? 1 }, () => kills.lane()))
process.exitCode = kills.close(`${rounds.length} items, one blow each`)
