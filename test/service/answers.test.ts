import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../agent/core/records.ts'
import type { LineReport } from '../../agent/core/status.ts'
import { epochMs, isoUtc } from '../../agent/core/time.ts'
import type { OutboxEntry } from '../../agent/ports/state-store.ts'
import { createAmplifierSwitch } from '../../agent/services/amplifier-switch.ts'
import { createAnswers } from '../../agent/services/answers.ts'
import { Condition } from '../../agent/services/condition.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { MemoryStateStore } from '../fakes/memory-state-store.ts'
import { SimulatedPlayout } from '../fakes/simulated-playout.ts'

type Options = Parameters<typeof createAnswers>[0]

/** A playout whose relays obey or do not. */
class Relays extends SimulatedPlayout {
  readonly switched: string[] = []
  obey: ((id: string, on: boolean) => void) | undefined
  override amplifier(id?: string, on?: boolean, seconds?: number): void {
    this.switched.push(`${id} ${on} ${seconds}`)
    this.obey?.(id ?? '', on ?? false)
  }
}

const bench = ({ muted = false, rest = 0, line = undefined as LineReport | undefined } = {}) => {
  const clock = new ManualClock()
  const store = new MemoryStateStore(() => clock.wall())
  const condition = new Condition({
    clock,
    amplifiers: ['main'],
    emit: () => undefined,
    further: () => [],
  })
  const playout = new Relays(clock.wall(), () => undefined)
  playout.obey = (id, on) =>
    condition.report({ kind: 'amplifier', id, state: on ? 'on' : 'off', at: clock.wall() })
  const answers = createAnswers({
    clock,
    timezone: 'Asia/Ho_Chi_Minh',
    outbox: store.outbox,
    lines: { reportOf: (id: string) => (id === 'main' ? line : undefined), learnAnew: () => true },
    switchAmplifier: createAmplifierSwitch({
      clock,
      playout,
      condition,
      maxOnSeconds: () => 600,
      minOffMs: () => rest,
      muted: () => muted,
    }),
    guide: {
      days: (days: number) => ({ from: epochMs(0), until: epochMs(days * 86_400_000), items: [] }),
    },
    library: {
      overview: () => ({
        wanted: 3,
        present: 2,
        heldBytes: 1_600_000,
        quotaBytes: 4096 * 1024 * 1024,
        activity: 'idle',
        files: [],
      }),
    },
  } as unknown as Options)
  const event = (code: string): void => {
    const body: EventBody = { at: isoUtc(clock.wall()), code, severity: 'info', data: {} }
    store.outbox.event(body)
  }
  const context = { signal: new AbortController().signal } as const
  return { clock, store, condition, playout, answers, event, context }
}

const codes = (entries: readonly OutboxEntry[]): readonly string[] =>
  entries.map(({ record }) => ('code' in record ? record.code : record.item))

describe('the log', () => {
  test('is told oldest first, from the moment that was asked for', async () => {
    const { answers, clock, event, context } = bench()
    event('MAINS_LOST')
    await clock.advance(60_000)
    event('MAINS_BACK')
    const all = await answers.log.answer?.({}, context as never)
    expect(codes(all?.entries ?? [])).toEqual(['DATABASE', 'MAINS_LOST', 'MAINS_BACK'])
    const since = isoUtc(epochMs(clock.wall() - 1000))
    expect(codes((await answers.log.answer?.({ since }, context as never))?.entries ?? [])).toEqual([
      'MAINS_BACK',
    ])
  })

  test('goes back two days when nothing is asked', async () => {
    const { answers, clock, event, context } = bench()
    await clock.advance(49 * 3_600_000)
    event('MAINS_BACK')
    expect(codes((await answers.log.answer?.({}, context as never))?.entries ?? [])).toEqual(['MAINS_BACK'])
  })

  test('followed tells each record once, across a new epoch too', async () => {
    const { answers, clock, store, event, context } = bench()
    const told: string[] = []
    const stop = new AbortController()
    const following = (async () => {
      const stream = answers.log.stream?.({}, { ...context, signal: stop.signal } as never)
      for await (const entry of stream ?? []) told.push(...codes([entry as OutboxEntry]))
    })()
    await clock.advance(1000)
    event('MAINS_LOST')
    event('MAINS_BACK')
    await clock.advance(1000)
    expect(told).toEqual(['DATABASE', 'MAINS_LOST', 'MAINS_BACK'])
    store.outbox.acknowledge(3)
    store.outbox.renew()
    event('TAMPER')
    await clock.advance(1000)
    expect(told.slice(3)).toEqual(['DATABASE', 'TAMPER'])
    stop.abort(new Error('enough'))
    await expect(following).rejects.toThrow('enough')
  })
})

describe('an amplifier', () => {
  test('is switched for a minute when nothing else is said', async () => {
    const { answers, playout, context } = bench()
    expect(await answers.amplifier.answer?.({ id: 'main', on: true }, context as never)).toEqual({
      id: 'main',
      state: 'on',
      seconds: 60,
    })
    expect(await answers.amplifier.answer?.({ id: 'main', on: false }, context as never)).toEqual({
      id: 'main',
      state: 'off',
    })
    expect(playout.switched).toEqual(['main true 60', 'main false 60'])
  })

  test('is told with its loudspeaker line where that is watched, and has it learned anew', async () => {
    const line = { state: 'open', loadPercent: 12 } as const
    const { answers, context } = bench({ line })
    expect(await answers.amplifier.answer?.({ id: 'main', on: true }, context as never)).toMatchObject({
      line,
    })
    expect(answers['learn-line'].answer?.({ id: 'main' }, context as never)).toEqual(line)
    expect(() => answers['learn-line'].answer?.({ id: 'yard' }, context as never)).toThrow(
      'the board file names no speakerLine of yard',
    )
  })

  test('stays on no longer than its board allows', async () => {
    const { answers, context } = bench()
    const order = { id: 'main', on: true, seconds: 14_400 }
    expect(await answers.amplifier.answer?.(order, context as never)).toMatchObject({ seconds: 600 })
  })

  test('stays open while the device is muted', async () => {
    const { answers, playout, context } = bench({ muted: true })
    const answer = (async () => answers.amplifier.answer?.({ id: 'main', on: true }, context as never))()
    await expect(answer).rejects.toMatchObject({ code: 'MUTED' })
    expect(playout.switched).toEqual([])
  })

  test('that does not obey within a second is a fault', async () => {
    const { answers, playout, clock, context } = bench()
    playout.obey = undefined
    const answer = Promise.resolve(answers.amplifier.answer?.({ id: 'main', on: true }, context as never))
    const refused = expect(answer).rejects.toMatchObject({
      code: 'AMPLIFIER',
      message: 'the relay of main is off after a second',
    })
    await clock.advance(1500)
    await refused
  })

  test('that opened just now says until when it rests', async () => {
    const { answers, playout, clock, context } = bench({ rest: 29_500 })
    playout.obey = undefined
    const answer = Promise.resolve(answers.amplifier.answer?.({ id: 'main', on: true }, context as never))
    const refused = expect(answer).rejects.toMatchObject({
      code: 'AMPLIFIER',
      message: expect.stringMatching(/rests for 30 s .* closes within that time/),
    })
    await clock.advance(1500)
    await refused
  })

  test('that this board lacks is named with those it has', async () => {
    const { answers, context } = bench()
    const answer = (async () => answers.amplifier.answer?.({ id: 'attic', on: true }, context as never))()
    await expect(answer).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('main'),
    })
  })
})

test('the plan and the media are told in their own words', async () => {
  const { answers, context } = bench()
  expect(await answers.schedule.answer?.({ days: 2 }, context as never)).toMatchObject({
    timezone: 'Asia/Ho_Chi_Minh',
    from: '1970-01-01T00:00:00.000Z',
    until: '1970-01-03T00:00:00.000Z',
  })
  expect(await answers.media.answer?.({}, context as never)).toMatchObject({
    wanted: 3,
    present: 2,
    quotaMb: 4096,
    usedMb: 1.5,
  })
})
