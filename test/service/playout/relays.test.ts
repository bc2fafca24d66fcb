import { describe, expect, it } from 'vitest'
import type { Segment } from '../../../agent/core/clip.ts'
import type { AmplifierConfig } from '../../../agent/core/configuration.ts'
import { MemoryRelay } from '../../fakes/memory-relay.ts'
import { EngineBench } from '../../fakes/playout-engine.ts'

const TONE = (seconds: number): Segment => ({ kind: 'tone', hz: 1000, frames: 48_000 * seconds, gainDb: 0 })
type Kind = { readonly driver: 'none' } | { readonly driver: 'shared'; readonly relay: string }
const amp = (id: string, more: Partial<AmplifierConfig> & Partial<Kind> = {}): AmplifierConfig => {
  const timing = { id, settleMs: 300, holdMs: 200, minOffMs: 0, maxOnMinutes: 240 }
  return { driver: 'none', ...timing, ...more } as AmplifierConfig
}

/** The engine with relays that write down when they were closed, in ms since the bench began. */
class RelayBench extends EngineBench {
  readonly relays: Map<string, MemoryRelay>
  readonly changes: { readonly id: string; readonly on: boolean; readonly at: number }[]
  readonly began = performance.now()

  private constructor(
    amplifiers: readonly AmplifierConfig[],
    relays: Map<string, MemoryRelay>,
    changes: RelayBench['changes'],
  ) {
    super({
      amplifiers,
      openAmplifier: ({ id }) => {
        const relay = new MemoryRelay(id)
        const set = relay.set.bind(relay)
        relay.set = (on) => {
          set(on)
          changes.push({ id, on, at: performance.now() - this.began })
        }
        relays.set(id, relay)
        return Promise.resolve(relay)
      },
    })
    this.relays = relays
    this.changes = changes
  }

  static async start(...amplifiers: readonly AmplifierConfig[]): Promise<RelayBench> {
    const bench = new RelayBench(amplifiers, new Map(), [])
    await bench.engine.start(false)
    return bench
  }

  relay(id: string): MemoryRelay {
    const relay = this.relays.get(id)
    if (relay === undefined) throw new Error(`no relay ${id}`)
    return relay
  }

  closed(): readonly string[] {
    return [...this.relays.values()].filter(({ on }) => on).map(({ id }) => id)
  }

  /** How many were closed at the same moment, at most. */
  mostClosed(): number {
    const closed = new Set<string>()
    return Math.max(
      ...this.changes.map(({ id, on }) => {
        if (on) closed.add(id)
        else closed.delete(id)
        return closed.size
      }),
    )
  }

  closings(): readonly string[] {
    return this.changes.filter(({ on }) => on).map(({ id }) => id)
  }

  states(id: string): readonly string[] {
    return this.of('amplifier').flatMap((report) => (report.id === id ? [report.state] : []))
  }

  play(id: string, seconds: number, amplifiers: readonly string[], inMs = 0): void {
    this.schedule(id, [TONE(seconds)], { amplifiers, at: this.wall(inMs) })
  }
}

describe('a relay whose contact disagrees', () => {
  it('by staying open is reported in time, heard all the same, and blamed in the record', async () => {
    await using bench = await RelayBench.start(amp('main'))
    bench.relay('main').contact = false
    bench.play('news', 2, ['main'])
    await bench.run(3000)
    const on = bench.changes.find((change) => change.on)
    const stuck = bench.of('amplifier').find(({ state }) => state === 'stuck')
    expect(stuck?.fault).toMatchObject({
      code: 'AMPLIFIER_STUCK',
      message: expect.stringContaining('stays open'),
    })
    expect((stuck?.at ?? 0) - 1e6 - bench.began - (on?.at ?? 0)).toBeLessThan(300)
    expect(bench.of('ended')).toMatchObject([
      { end: 'finished', relay: false, faults: [{ segment: 0, code: 'AMPLIFIER' }] },
    ])
    bench.relay('main').contact = undefined
    await bench.run(1000)
    expect(bench.states('main').at(-1), 'open as it should be says nothing').toBe('stuck')
    bench.play('more', 1, ['main'])
    await bench.run(3000)
    expect(bench.states('main').slice(-2)).toEqual(['on', 'off'])
    expect(bench.of('ended').at(-1)).toMatchObject({ relay: true, faults: [] })
  })

  it('by staying closed is reported once, and stays so until it was seen open', async () => {
    await using bench = await RelayBench.start(amp('main'))
    bench.play('news', 1, ['main'])
    await bench.run(1000)
    bench.relay('main').contact = true
    await bench.run(3000)
    bench.play('more', 1, ['main'])
    await bench.run(4000)
    expect(bench.states('main')).toEqual(['off', 'on', 'off', 'stuck'])
    expect(bench.of('amplifier').at(-1)?.fault?.message).toContain('stays closed')
    expect(bench.of('ended').at(-1)).toMatchObject({ clip: 'more', end: 'finished' })
    bench.relay('main').contact = undefined
    await bench.run(1000)
    expect(bench.states('main').at(-1)).toBe('off')
  })

  it('by staying closed is kept silent: nothing sounds that is not meant for it', async () => {
    await using bench = await RelayBench.start(amp('main'), amp('yard'))
    bench.relay('main').contact = true
    await bench.run(1000)
    bench.play('yard-only', 1, ['yard'])
    await bench.run(2000)
    expect(bench.of('ended')).toMatchObject([
      { clip: 'yard-only', end: 'failed', code: 'AMPLIFIER', frames: 0 },
    ])
    expect(bench.heard.every((sample) => sample === 0)).toBe(true)
    bench.play('both', 1, ['main', 'yard'])
    await bench.run(3000)
    expect(bench.of('ended').at(-1)).toMatchObject({ clip: 'both', end: 'finished' })
  })

  it('by staying closed in the middle of another piece ends it', async () => {
    await using bench = await RelayBench.start(amp('main'), amp('yard'))
    bench.play('yard-only', 20, ['yard'])
    await bench.run(3000)
    bench.relay('main').contact = true
    await bench.run(1000)
    expect(bench.of('ended')).toMatchObject([{ clip: 'yard-only', end: 'failed', code: 'AMPLIFIER' }])
  })
})

describe('several amplifiers', () => {
  it('start one after another, and a planned piece sounds on its instant when the last has settled', async () => {
    const staggerMs = 400
    await using bench = await RelayBench.start(
      amp('a', { staggerMs }),
      amp('b', { staggerMs }),
      amp('c', { staggerMs }),
    )
    bench.play('planned', 2, ['a', 'b', 'c'], 5000)
    await bench.run(9000)
    const at = bench.changes.filter(({ on }) => on)
    expect(at.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    const [first = 0, second = 0, third = 0] = at.map((change) => change.at)
    expect(second - first).toBeGreaterThanOrEqual(staggerMs)
    expect(third - second).toBeGreaterThanOrEqual(staggerMs)
    const [started] = bench.of('started')
    expect(Math.abs((started?.at ?? 0) - (started?.intended ?? 0))).toBeLessThan(0.1)
    expect((started?.at ?? 0) - 1e6 - bench.began - third).toBeGreaterThanOrEqual(300)
  })

  it('with a transmitter have its carrier up for its lead time before the first sound, at once as well', async () => {
    await using bench = await RelayBench.start(
      amp('main'),
      amp('fm', { role: 'transmitter', settleMs: 2500 }),
    )
    bench.schedule('now', [TONE(1)], { amplifiers: ['main', 'fm'], takeover: true })
    await bench.run(5000)
    const keyed = bench.changes.find(({ id, on }) => id === 'fm' && on)?.at ?? 0
    const [started] = bench.of('started')
    const lead = (started?.at ?? 0) - 1e6 - bench.began - keyed
    expect(lead).toBeGreaterThanOrEqual(2500)
    expect(lead).toBeLessThan(2600)
  })

  it('that exclude each other are never on together, and one gives way to the other at once', async () => {
    await using bench = await RelayBench.start(
      amp('north', { exclusive: 'supply', holdMs: 5000 }),
      amp('south', { exclusive: 'supply', holdMs: 5000 }),
    )
    bench.play('first', 1, ['north'])
    await bench.run(2000)
    expect(bench.closed(), 'held').toEqual(['north'])
    bench.play('second', 1, ['south'])
    await bench.run(2000)
    bench.play('third', 1, ['north'])
    await bench.run(2000)
    expect(bench.closings()).toEqual(['north', 'south', 'north'])
    expect(bench.mostClosed()).toBe(1)
    expect(bench.of('ended').map(({ clip, end }) => `${clip} ${end}`)).toEqual([
      'first finished',
      'second finished',
      'third finished',
    ])
  })

  it('that exclude each other are heard through the first that works', async () => {
    await using bench = await RelayBench.start(
      amp('main', { exclusive: 'set' }),
      amp('reserve', { exclusive: 'set' }),
    )
    bench.play('all', 1, ['main', 'reserve'])
    await bench.run(3000)
    bench.relay('main').fault = true
    bench.play('again', 2, ['main', 'reserve'])
    await bench.run(4000)
    expect(bench.closings()).toEqual(['main', 'reserve'])
    expect(bench.of('ended').map(({ clip, end }) => `${clip} ${end}`)).toEqual([
      'all finished',
      'again finished',
    ])
  })

  it('that share a relay are on together and told both', async () => {
    await using bench = await RelayBench.start(amp('main'), amp('yard', { driver: 'shared', relay: 'main' }))
    expect([...bench.relays.keys()]).toEqual(['main'])
    bench.play('yard-only', 1, ['yard'])
    await bench.run(3000)
    expect(bench.closings()).toEqual(['main'])
    expect(bench.states('main')).toEqual(['off', 'on', 'off'])
    expect(bench.states('yard')).toEqual(['off', 'on', 'off'])
    expect(bench.of('ended')).toMatchObject([{ end: 'finished' }])
  })
})

describe('a relay that feeds a sign too', () => {
  it('is closed while the sign shows something, however long, and open in mute', async () => {
    await using bench = await RelayBench.start(amp('main', { maxOnMinutes: 1 }))
    bench.engine.feed('main', true)
    await bench.run(150_000)
    expect(bench.closings()).toEqual(['main'])
    expect(bench.closed()).toEqual(['main'])
    bench.play('news', 2, ['main'])
    await bench.run(4000)
    expect(bench.of('ended')).toMatchObject([{ end: 'finished' }])
    bench.engine.mute(true)
    await bench.run(500)
    expect(bench.closed()).toEqual([])
    bench.engine.mute(false)
    await bench.run(500)
    expect(bench.closed()).toEqual(['main'])
    bench.engine.feed('main', false)
    await bench.run(1000)
    expect(bench.closed()).toEqual([])
  })

  it('opens all the same when something sounds for too long', async () => {
    await using bench = await RelayBench.start(amp('main', { maxOnMinutes: 1 }))
    bench.engine.feed('main', true)
    bench.play('endless', 200, ['main'])
    await bench.run(70_000)
    expect(bench.closed()).toEqual([])
    expect(bench.of('ended')).toMatchObject([{ end: 'failed', code: 'AMPLIFIER' }])
  })
})
