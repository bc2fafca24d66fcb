import { describe, expect, test } from 'vitest'
import { itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { benchAt } from '../rig/faked-clock.ts'
import { chainFaults } from '../rig/observer.ts'

const LONG = 60_000
const HOUR_MS = 3_600_000

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
      await using faked = await benchAt(0)
      const { bench, clock } = faked
      const { agent, observer } = bench
      const at = wholeSecond(clock.now() + 5000)
      const parts = [bench.serve(toneMp3(5), 5)]
      const short = [bench.serve(toneMp3(1), 1)]
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
    'is that of 1970 until a time server sets it: alerts sound, then the late windows decide',
    async () => {
      await using faked = await benchAt(-Date.now())
      const { bench, clock } = faked
      const { agent, observer } = bench
      const now = Date.now()
      const at = wholeSecond(now + 4000)
      const parts = [bench.serve(toneMp3(1), 1)]
      await observer.schedule(1, [
        itemAt('qua-han', at, { parts, late: { policy: 'skip', withinSeconds: 1 } }),
        itemAt('con-han', at + 1000, { parts, late: { policy: 'play', withinSeconds: 600 } }),
        itemAt('sau', at + 12_000, { parts }),
      ])
      const alert = { event: 'flood', severity: 'severe', headline: { vi: 'LŨ' } }
      const siren = { onSeconds: 1, offSeconds: 1, cycles: 1 }
      const until = new Date(now + HOUR_MS).toISOString()
      await observer.document('75/26068', 'alert', {
        ...{ kind: 'alert', v: 1, area: '75/26068', rev: 1, iat: new Date(now).toISOString() },
        alerts: [{ id: 'lu', ...alert, siren, until }],
      })
      expect(await observer.record('lu')).toMatchObject({ result: 'completed', clock: 'unset' })
      await eventually('what was due is past', () => Date.now() > at + 3000 || undefined)
      expect((await agent.status()).clock).toMatchObject({ state: 'unset' })
      expect(agent.sounds).toHaveLength(1)

      clock.set(Date.now())
      clock.synchronised(true)
      expect(await observer.record('qua-han')).toMatchObject({ result: 'missed', reason: 'NO_CLOCK' })
      expect(await observer.record('con-han')).toMatchObject({ result: 'completed', clock: 'synced' })
      expect(await observer.record('sau')).toMatchObject({ result: 'completed' })
      const { data } = await observer.event('CLOCK_STEP')
      expect((data as { from: string }).from).toMatch(/^1970-/)
      expect(agent.sounds).toHaveLength(3)
      for (const item of ['qua-han', 'con-han', 'sau']) expect(observer.playbackOf(item)).toHaveLength(1)
      expect(chainFaults(observer.records)).toEqual([])
      expect((await agent.status()).uptimeSeconds).toBeGreaterThan(10)
    },
    LONG,
  )

  test(
    'says ten at night in Vietnam: sound is skipped, a sign alone still shows',
    async () => {
      await using faked = await benchAt(untilUtc(15 * HOUR_MS), {
        config: { policy: { quietHours: undefined } },
      })
      const { bench, clock } = faked
      const { agent, observer } = bench
      const at = wholeSecond(clock.now() + 3000)
      const parts = [bench.serve(toneMp3(1), 1)]
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
      await using faked = await benchAt(untilUtc(nineInTheEvening - 12_000), {
        config: { policy: { quietHours: undefined } },
      })
      const { bench, clock } = faked
      const { agent, observer } = bench
      const quiet = wholeSecond(clock.now() + 1000)
      const nine = quiet + ((nineInTheEvening - (quiet % (24 * HOUR_MS)) + 24 * HOUR_MS) % (24 * HOUR_MS))
      const parts = [bench.serve(toneMp3(20), 20)]
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
