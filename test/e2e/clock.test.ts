import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Bench, type BenchOptions, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { chainFaults } from '../rig/observer.ts'

const LONG = 60_000
const HOUR_MS = 3_600_000

const libfaketime = (): string => {
  for (const folder of readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/faketime`)) {
    const library = join(folder, 'libfaketime.so.1')
    if (existsSync(library)) return library
  }
  throw new Error('apt-get install faketime')
}

/** A bench whose agent and playout see a wall clock that a test may set; the monotonic clock stays that of the machine. */
const benchAt = async (offsetMs: number, options: BenchOptions = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-clock-'))
  const file = join(folder, 'offset')
  let offset = 0
  const step = (byMs: number): void => {
    offset += byMs
    writeFileSync(file, `${offset < 0 ? '-' : '+'}${Math.abs(offset) / 1000}\n`)
  }
  step(offsetMs)
  const bench = await Bench.running({
    ...options,
    env: {
      LD_PRELOAD: libfaketime(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
  })
  return {
    bench,
    step,
    /** What the agent takes for the time. */
    now: () => Date.now() + offset,
    [Symbol.asyncDispose]: async () => {
      await bench[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

/** How far the next moment of a day, in milliseconds from 00:00 UTC, is away. */
const untilUtc = (timeOfDayMs: number): number => {
  const day = 24 * HOUR_MS
  return (timeOfDayMs - (Date.now() % day) + day) % day
}

const wholeSecond = (ms: number): number => Math.ceil(ms / 1000) * 1000

describe.concurrent('T19 the wall clock', () => {
  test(
    'steps an hour ahead and back: nothing is lost silently and nothing plays twice',
    async () => {
      await using clock = await benchAt(0)
      const { agent, observer } = clock.bench
      const at = wholeSecond(clock.now() + 5000)
      const parts = [clock.bench.serve(toneMp3(5), 5)]
      const short = [clock.bench.serve(toneMp3(1), 1)]
      await observer.schedule(1, [
        itemAt('truoc', at, { parts }),
        itemAt('bi-nhay-qua', at + 15_000, { parts: short }),
        itemAt('sau', at + HOUR_MS + 11_000, { parts: short }),
      ])
      await agent.heard('on')
      await eventually('it plays', () => clock.now() > at + 1000 || undefined)
      clock.step(HOUR_MS)
      expect(await observer.record('truoc')).toMatchObject({ result: 'completed', playedSeconds: 5 })
      expect(await observer.record('bi-nhay-qua')).toMatchObject({ result: 'missed', reason: 'LATE' })
      const after = await observer.record('sau')
      expect(after).toMatchObject({ result: 'completed' })
      // The virtual card keeps the wall time of its start; the stream is the one of before the step.
      expect(Math.abs((((await agent.heard('on', 1)) - at) % HOUR_MS) - 11_000)).toBeLessThan(20)
      expect(Math.abs(Number(after['startErrorMs']))).toBeLessThan(20)

      clock.step(-HOUR_MS)
      const back = await eventually('a second step', () => {
        const steps = observer.records.filter((record) => record['code'] === 'CLOCK_STEP')
        return steps.length > 1 ? steps : undefined
      })
      const milliseconds = back.map(({ data }) => (data as { stepMs: number }).stepMs)
      expect(Math.abs(Number(milliseconds[0]) - HOUR_MS)).toBeLessThan(100)
      expect(Math.abs(Number(milliseconds[1]) + HOUR_MS)).toBeLessThan(100)
      await eventually(
        'the second that was jumped over comes again',
        () => clock.now() > at + 18_000 || undefined,
      )
      expect(agent.sounds).toHaveLength(2)
      for (const item of ['truoc', 'bi-nhay-qua', 'sau']) expect(observer.playbackOf(item)).toHaveLength(1)
      expect(chainFaults(observer.records)).toEqual([])
    },
    LONG,
  )

  test(
    'says ten at night in Vietnam: sound is skipped, a sign alone still shows',
    async () => {
      await using clock = await benchAt(untilUtc(15 * HOUR_MS), {
        config: { policy: { quietHours: undefined } },
      })
      const { agent, observer } = clock.bench
      const at = wholeSecond(clock.now() + 3000)
      const parts = [clock.bench.serve(toneMp3(1), 1)]
      const sign = { pages: [{ text: 'Đêm yên tĩnh', mode: 'still', seconds: 2 }] }
      const spoken = { pages: [{ text: 'Không được hiện', mode: 'still', seconds: 2 }] }
      await observer.schedule(1, [
        itemAt('ban-dem', at, { parts, sign: spoken, class: 'priority' }),
        itemAt('bang-dem', at + 2000, { sign }),
      ])
      expect(await observer.record('ban-dem')).toMatchObject({
        result: 'skipped',
        reason: 'QUIET_HOURS',
        playedSeconds: 0,
      })
      expect(await observer.record('bang-dem')).toMatchObject({ result: 'completed', volume: 0 })
      expect(agent.sign().map(({ text }) => text)).toContain('Đêm yên tĩnh')
      expect(agent.sign().map(({ text }) => text)).not.toContain('Không được hiện')
      expect(agent.sounds).toEqual([])
      expect(agent.relay()).toEqual([])
    },
    LONG,
  )

  test(
    'reaches the quiet hours: what plays is faded out, what follows is skipped',
    async () => {
      const nineInTheEvening = 14 * HOUR_MS
      await using clock = await benchAt(untilUtc(nineInTheEvening - 12_000), {
        config: { policy: { quietHours: undefined } },
      })
      const { agent, observer } = clock.bench
      const quiet = wholeSecond(clock.now() + 1000)
      const nine = quiet + ((nineInTheEvening - (quiet % (24 * HOUR_MS)) + 24 * HOUR_MS) % (24 * HOUR_MS))
      const parts = [clock.bench.serve(toneMp3(20), 20)]
      await observer.schedule(1, [
        itemAt('toi', nine - 4000, { parts }),
        itemAt('khuya', nine + 1000, { parts }),
      ])
      expect(await observer.record('toi')).toMatchObject({ result: 'partial', reason: 'QUIET_HOURS' })
      expect(await observer.record('khuya')).toMatchObject({ result: 'skipped', reason: 'QUIET_HOURS' })
      const faded = (await agent.heard('off')) - nine
      expect(faded).toBeGreaterThan(1000)
      expect(faded).toBeLessThan(3500)
      expect(agent.sounds).toHaveLength(1)
    },
    LONG,
  )
})
