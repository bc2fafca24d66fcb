import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'

const LONG = 120_000
const STARTS = 5

const iso = (at: number): string => new Date(at).toISOString()
const siren = (rev = 1) => ({
  kind: 'alert',
  v: 1,
  area: '75',
  rev,
  iat: iso(Date.now()),
  alerts: [
    {
      id: 'lu',
      event: 'flood',
      severity: 'extreme',
      headline: { vi: 'LŨ KHẨN CẤP' },
      siren: { onSeconds: 3, offSeconds: 1, cycles: 1 },
      until: iso(Date.now() + 3_600_000),
    },
  ],
})

describe.concurrent('after five starts that died', () => {
  test(
    'at media.db it is left off: an alert sounds, files are missing, status and heartbeat say why',
    async () => {
      await using bench = await Bench.open({ config: { heartbeat: { intervalSeconds: 10 } } })
      const { agent, observer } = bench
      // Neither opened nor replaced by a new one: the start dies of it each time.
      const blocked = join(agent.paths.folder, 'state', 'media.db')
      mkdirSync(join(blocked, 'in-the-way'), { recursive: true })
      for (let time = 0; time < STARTS; time += 1) {
        agent.launch()
        expect(await agent.exited).toMatchObject({ code: 1 })
      }
      await agent.start()

      const { health, problems, safeMode } = await agent.status()
      expect(health).toBe('degraded')
      expect(safeMode).toMatchObject({ part: 'media', off: ['media'] })
      const left = Date.parse(safeMode?.until ?? '') - Date.now()
      expect(left).toBeGreaterThan(9 * 60_000)
      expect(left).toBeLessThanOrEqual(10 * 60_000)
      expect(problems.find(({ code }) => code === 'SAFE_MODE')?.detail).toContain('media')
      expect((await observer.event('SAFE_MODE'))['data']).toEqual({ part: 'media', off: 'media' })
      expect((await agent.loa('status')).stdout).toContain('SAFE_MODE')

      await observer.document('75', 'alert', siren())
      await agent.heard('on')
      expect(await observer.record('lu')).toMatchObject({ result: 'completed', class: 'emergency' })
      await observer.document('75', 'alert', { ...siren(2), alerts: [] })
      const at = inMs(3000)
      await observer.schedule(1, [
        itemAt('tin', at, {
          parts: [bench.serve(toneMp3(3), 3)],
          late: { policy: 'skip', withinSeconds: 1 },
        }),
      ])
      expect(await observer.record('tin')).toMatchObject({ result: 'failed', reason: 'NO_MEDIA' })
      const beat = await observer.until('heartbeat', 'in safe mode', (message) => 'safe' in message)
      expect(beat).toMatchObject({ health: 'degraded', safe: { part: 'media' } })
      expect(beat['problems']).toContain('SAFE_MODE')

      rmdirSync(join(blocked, 'in-the-way'))
      rmdirSync(blocked)
      expect(await agent.stop()).toEqual({ code: 0, signal: null })
      await agent.start()
      const normal = await agent.status()
      expect(normal.safeMode).toBeUndefined()
      expect(normal.problems.map(({ code }) => code)).not.toContain('SAFE_MODE')
    },
    LONG,
  )

  test(
    'at state.db it is left as it is: an alert sounds from memory, and nothing is planned',
    async () => {
      await using bench = await Bench.open()
      const { agent, observer } = bench
      const blocked = join(agent.paths.folder, 'state', 'state.db')
      mkdirSync(join(blocked, 'in-the-way'), { recursive: true })
      for (let time = 0; time < STARTS; time += 1) {
        agent.launch()
        expect(await agent.exited).toMatchObject({ code: 1 })
      }
      await agent.start()
      const { health, safeMode } = await agent.status()
      expect([health, safeMode?.part]).toEqual(['fault', 'state'])
      expect(safeMode?.off).toEqual(['state', 'media', 'schedule', 'housekeeping'])
      await observer.document('75', 'alert', siren())
      expect(await observer.record('lu')).toMatchObject({ result: 'completed', class: 'emergency' })
      expect(await agent.stop()).toEqual({ code: 0, signal: null })
      rmdirSync(join(blocked, 'in-the-way'))
      rmdirSync(blocked)
      await agent.start()
      expect((await agent.status()).safeMode).toBeUndefined()
    },
    LONG,
  )

  test(
    'soon after they were ready nobody knows of what: all but alerts is off',
    async () => {
      await using bench = await Bench.open()
      const { agent, observer } = bench
      for (let time = 0; time < STARTS; time += 1) {
        await agent.start()
        expect((await agent.status()).safeMode).toBeUndefined()
        await agent.crash()
      }
      await agent.start()
      const { safeMode, signs } = await agent.status()
      expect(safeMode?.part).toBeUndefined()
      expect(safeMode?.off).toEqual(['media', 'signs', 'schedule', 'housekeeping'])
      await eventually('the sign is known to be off', async () =>
        (await agent.status()).signs['gate'] === 'fault' ? true : undefined,
      )
      expect(Object.keys(signs)).toEqual(['gate'])
      await observer.document('75', 'alert', siren())
      await agent.heard('on')
    },
    LONG,
  )
})
