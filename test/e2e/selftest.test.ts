import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compactVerify, importX509 } from 'jose'
import { describe, expect, test } from 'vitest'
import type { SignedReport } from '../../agent/core/selftest/report.ts'
import { Agent } from '../rig/agent.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { Bench } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { SecureBroker } from '../rig/secure-broker.ts'

const LONG = 60_000

const iso = (at: number): string => new Date(at).toISOString()

describe.concurrent('loa selftest', () => {
  test(
    'tries the device without anybody, and its report is signed with the key of the device',
    async () => {
      await using broker = await SecureBroker.start(`75/26068/${DEVICE}`)
      const { ca, cert, key } = await broker.account(DEVICE)
      await using agent = new Agent({ config: { mqtt: { urls: [broker.url], ca, cert, key } } })
      await agent.start()
      await eventually('connected', async () => (await agent.status()).broker.connected || undefined)
      const page = join(agent.paths.folder, 'x.html')
      const { code, stdout, stderr } = await agent.loa('selftest', '--unattended', '--report', page, '--json')
      expect([code, stderr]).toEqual([0, ''])
      const { files, ...report }: SignedReport & { files: object } = JSON.parse(stdout)
      expect(report).toMatchObject({
        ok: true,
        by: 'unattended',
        device: DEVICE,
        province: '75',
        answers: [],
      })
      expect(report.steps.map(({ step, id, result }) => [step, id, result].join(' ').trim())).toEqual([
        'amplifier main ok',
        'sweep  ok',
        'siren  ok',
        'pilot  absent',
        'sign gate ok',
        'broker  ok',
        'clock  ok',
      ])
      expect(report.steps.find(({ step }) => step === 'broker')?.facts).toMatchObject({
        ackMs: expect.any(Number),
        seenMs: expect.any(Number),
      })

      // By a library that is not ours, with the certificate that the broker knows the device by.
      const { signature, ...signed } = report
      const { payload, protectedHeader } = await compactVerify(
        signature?.jws ?? '',
        await importX509(readFileSync(cert, 'utf8'), signature?.alg ?? ''),
      )
      expect(protectedHeader).toMatchObject({ typ: 'loa-selftest+jws', 'x5t#S256': signature?.x5t })
      expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(signed)

      expect(files).toEqual({ html: page, json: page.replace('.html', '.json') })
      expect(JSON.parse(readFileSync(page.replace('.html', '.json'), 'utf8'))).toEqual(report)
      expect(readFileSync(page, 'utf8')).toContain('<svg')
      expect(agent.sounds).toHaveLength(2)
      expect(agent.relay().at(-1)).toMatchObject({ on: false })
      const { stdout: log } = await agent.loa('log', '--json')
      expect(log).toMatch(/"code": "SELFTEST",\s+"severity": "info"/)
      expect(log).toContain(`"report": "${signature?.jws}"`)
    },
    LONG,
  )

  test(
    'gives way to an alert at once: it is cut, says so, and does not begin again before the alert is over',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const report = (name: string): readonly string[] => ['--report', join(agent.paths.folder, name)]
      const ran = agent.loa('selftest', '--unattended', '--json', ...report('x'))
      await agent.heard('on')
      const [sent, until] = [Date.now(), iso(Date.now() + 600_000)]
      const siren = { onSeconds: 2, offSeconds: 1, cycles: 1 }
      const flood = { id: 'lu', event: 'flood', severity: 'extreme', headline: { vi: 'LŨ' }, siren, until }
      const document = { kind: 'alert', v: 1, area: '75', rev: 1, iat: iso(sent), alerts: [flood] }
      await observer.document('75', 'alert', document)
      const loud = await eventually('the siren is heard', () =>
        agent.dac('loud').find(({ t }) => t * 1000 > sent),
      )
      // A bound that says "at once"; the figures are a matter of the bench.
      expect(loud.t * 1000 - sent).toBeLessThan(1000)
      const { code, stdout } = await ran
      expect(code).toBe(1)
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, cut: { code: 'PREEMPTED', item: 'lu' } })
      expect(await observer.record('lu')).toMatchObject({ result: 'completed', playedSeconds: 2 })
      const again = await agent.loa('selftest', '--unattended', ...report('y'))
      expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('the alert lu is in force')])
      await eventually('the relay is open', () => agent.relay().at(-1)?.on === false || undefined)
    },
    LONG,
  )
})
