import { describe, expect, test } from 'vitest'
import type { Finding } from '../../agent/core/doctor/check.ts'
import { Bench } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'

const LONG = 60_000

describe('loa doctor', () => {
  test(
    'finds signatures off on a bench, a broker that went away once, and an agent that stopped',
    async () => {
      await using bench = await Bench.running()
      const { agent } = bench
      const ask = async () => {
        const { code, stdout } = await agent.loa('doctor', '--json')
        const { checks }: { readonly checks: readonly Finding[] } = JSON.parse(stdout)
        const failed = checks.filter(({ level }) => level === 'FAIL')
        return { code, checks, failed: failed.map(({ code: each, check }) => each ?? check) }
      }
      const whole = await ask()
      expect(whole).toMatchObject({ code: 1, failed: ['SIGNATURES_OFF'] })
      expect(whole.checks.find(({ check }) => check === 'broker')?.what).toContain(bench.broker.url)

      await bench.broker.kill()
      const alone = await eventually('the broker is missed', async () => {
        const answer = await ask()
        return answer.failed.includes('BROKER') ? answer : undefined
      })
      expect(alone).toMatchObject({ code: 1, failed: ['SIGNATURES_OFF', 'BROKER'] })

      await agent.stop()
      expect(await ask()).toMatchObject({ code: 3, failed: ['agent', 'SIGNATURES_OFF'] })
    },
    LONG,
  )
})
