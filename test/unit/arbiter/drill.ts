import fc from 'fast-check'
import { expect } from 'vitest'
import type { Programme, Readiness } from '../../../agent/core/arbiter/programme.ts'
import type { Item } from '../../../agent/core/schedule/item.ts'
import { classLevel } from '../../../agent/core/schedule/rank.ts'
import { programme, ready, relay, Stage, second } from './stage.ts'

type Spec = {
  readonly planned: number
  readonly seconds: number
  readonly live: boolean
  readonly class: Item['class']
  readonly order: number
  readonly onPreempt: Item['onPreempt']
  readonly policy: Item['late']['policy']
  readonly withinSeconds: number
  readonly readiness: Readiness['state']
}
type Happening = {
  readonly at: number
  readonly what: 'mute' | 'unmute' | 'crash' | 'restart' | 'stop' | 'withdraw' | 'arrive'
  readonly whom: number
}

export const specs = fc.array(
  fc.record<Spec>({
    planned: fc.integer({ min: 0, max: 120 }),
    seconds: fc.integer({ min: 1, max: 60 }),
    live: fc.boolean(),
    class: fc.constantFrom('normal', 'priority', 'emergency'),
    order: fc.constantFrom(10, 100),
    onPreempt: fc.constantFrom('resume', 'restart', 'drop'),
    policy: fc.constantFrom('skip', 'play', 'join'),
    withinSeconds: fc.integer({ min: 0, max: 90 }),
    readiness: fc.constantFrom('ready', 'ready', 'awaiting', 'excluded'),
  }),
  { minLength: 1, maxLength: 8 },
)
export const happenings = fc.array(
  fc.record<Happening>({
    at: fc.integer({ min: 0, max: 150 }),
    what: fc.constantFrom('mute', 'unmute', 'crash', 'restart', 'stop', 'withdraw', 'arrive'),
    whom: fc.nat({ max: 7 }),
  }),
  { maxLength: 6 },
)

/** A random schedule and what befalls it, played through second by second. */
export class Drill {
  readonly stage: Stage
  readonly all: readonly { readonly spec: Spec; readonly programme: Programme }[]
  readonly withdrawnEarly = new Set<string>()

  constructor(of: readonly Spec[], stage = new Stage()) {
    this.stage = stage
    this.all = of.map((spec, index) => ({
      spec,
      programme: programme(`i${index}`, second(spec.planned), {
        class: spec.class,
        order: spec.order,
        onPreempt: spec.onPreempt,
        late: { policy: spec.policy, withinSeconds: spec.withinSeconds },
      }),
    }))
  }

  run(happenings: readonly Happening[]): void {
    for (let elapsed = 0; elapsed <= 160; elapsed += 1) {
      this.#arm(elapsed)
      for (const each of happenings) if (each.at === elapsed) this.#happen(each)
      this.#play(elapsed)
    }
    this.stage.tell({ kind: 'mute', on: false })
    this.stage.playout.restart()
    this.stage.to(8000)
  }

  #arm(elapsed: number): void {
    for (const { spec, programme } of this.all)
      if (Math.max(0, spec.planned - 3) === elapsed && !this.withdrawnEarly.has(programme.key))
        this.stage.arm(programme, readinessOf(spec))
  }

  #happen({ what, whom }: Happening): void {
    const target = this.all[whom % this.all.length]
    if (what === 'mute' || what === 'unmute') this.stage.tell({ kind: 'mute', on: what === 'mute' })
    if (what === 'crash') this.stage.playout.crash()
    if (what === 'restart') this.stage.playout.restart()
    if (what === 'stop') this.stage.tell({ kind: 'stop', keys: 'all' })
    if (target === undefined) return
    const { key, planned } = target.programme
    if (what === 'arrive') this.stage.tell({ kind: 'readiness', key, readiness: soundOf(target.spec) })
    if (what !== 'withdraw') return
    if (planned > this.stage.now && !this.stage.records.has(key)) this.withdrawnEarly.add(key)
    this.stage.tell({ kind: 'withdraw', keys: [key] })
  }

  /** One second, and whether whoever was cut in it was cut by a higher class. */
  #play(elapsed: number): void {
    const { stage } = this
    const before = stage.state.sounding?.programme
    const heard = stage.sounded.length
    stage.to(elapsed + 1)
    const taker = stage.sounded[heard]
    const cut = stage.state.waiting.some(
      ({ cause, programme }) => cause === 'preempted' && programme.key === before?.key,
    )
    if (before === undefined || taker === undefined || !cut || stage.sounded.length > heard + 1) return
    expect(classLevel(taker.class)).toBeGreaterThan(classLevel(before.item.class))
  }
}

const soundOf = ({ live, seconds }: Spec): Readiness => (live ? relay(seconds) : ready(seconds))

const readinessOf = (spec: Spec): Readiness => {
  if (spec.readiness === 'excluded') return { state: 'excluded', result: 'skipped', reason: 'POLICY' }
  return spec.readiness === 'awaiting' ? { state: 'awaiting' } : soundOf(spec)
}
