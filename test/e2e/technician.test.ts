import { describe, expect, test } from 'vitest'
import { Agent } from '../rig/agent.ts'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'

const LONG = 60_000
const exit = { fine: 0, failed: 1, misused: 2, notRunning: 3 } as const

describe.concurrent('the technician', () => {
  test(
    'is told of every fault of the configuration at once, with its path',
    async () => {
      await using agent = new Agent({
        config: {
          device: { id: 'd-75', province: '7', commune: '26068' },
          mqtt: { urls: ['http://127.0.0.1'], protocol: 3 },
          content: { quotaMb: -1 },
          heartbeat: { interval: 60 },
        },
      })
      agent.launch()
      expect(await agent.exited).toEqual({ code: exit.misused, signal: null })
      const paths = [
        'device.province',
        'mqtt.urls.0',
        'mqtt.protocol',
        'content.quotaMb',
        'heartbeat.interval',
      ]
      for (const path of paths) await agent.says(path)
      const check = await agent.loa('config', 'check', agent.paths.config, '--json')
      expect(check.code).toBe(exit.misused)
      for (const path of paths) expect(check.stdout).toContain(path)
    },
    LONG,
  )

  test(
    'is told of every fault of the board file at once, with its path',
    async () => {
      await using agent = new Agent({
        board: {
          audio: { rate: 'fast' },
          signs: [{ id: 'gate', driver: 'virtual', width: 0, height: 16 }],
          loudness: 11,
        },
      })
      agent.launch()
      expect(await agent.exited).toEqual({ code: exit.misused, signal: null })
      for (const path of ['audio.rate', 'signs.0.width', 'loudness']) await agent.says(path)
    },
    LONG,
  )

  test(
    'cannot start a second agent beside the first, which goes on',
    async () => {
      await using first = new Agent()
      await first.start()
      expect((await first.loa('amp', 'on', 'main', '--seconds', '20')).code).toBe(exit.fine)
      await using second = new Agent({
        config: { paths: { state: first.paths.state, runtime: first.paths.runtime } },
        board: {
          amplifiers: [{ id: 'main', driver: 'virtual', trace: first.paths.relayTrace }],
        },
      })
      second.launch()
      expect(await second.exited).toEqual({ code: exit.failed, signal: null })
      await second.says(`another agent answers on ${first.paths.socket}`)
      expect(first.relay().at(-1)).toMatchObject({ on: true })
      expect((await first.status()).uptimeSeconds).toBeGreaterThanOrEqual(0)
    },
    LONG,
  )

  test(
    'is told when the agent does not run',
    async () => {
      await using agent = new Agent()
      for (const verb of ['status', 'schedule', 'media', 'log']) {
        const { code, stdout, stderr } = await agent.loa(verb, '--json')
        expect(code, verb).toBe(exit.notRunning)
        expect(stdout + stderr, verb).not.toBe('')
      }
      expect((await agent.loa('no-such-verb')).code).toBe(exit.misused)
    },
    LONG,
  )

  test(
    'sees status, schedule, media and log of the running agent, each as one JSON value',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const part = bench.serve(toneMp3(1), 1)
      const soon = inMs(5000)
      await observer.schedule(7, [
        itemAt('gan', soon, { title: 'Tin gần', parts: [part] }),
        itemAt('xa', soon + 3_600_000, { title: 'Tin xa', parts: [{ sound: 'chime' }] }),
      ])
      await observer.record('gan')
      await agent.relayed(false)
      const answerOf = async (...args: readonly string[]): Promise<unknown> => {
        const { code, stdout, stderr } = await agent.loa(...args, '--json')
        expect(stderr, args[0]).toBe('')
        expect(code, args[0]).toBe(exit.fine)
        return JSON.parse(stdout)
      }
      expect(await answerOf('status')).toMatchObject({
        state: 'idle',
        broker: { connected: true, url: bench.broker.url },
        next: [{ item: 'xa', armed: true }],
        amps: { main: 'off' },
        signs: { gate: 'ok' },
        problems: [{ code: 'SIGNATURES_OFF' }],
      })
      expect(await answerOf('schedule', '--days', '1')).toMatchObject({
        items: [{ item: 'xa', title: 'Tin xa', document: '75/26068/schedule', armed: true }],
      })
      const log = (await answerOf('log')) as { topic: string; record: Record<string, unknown> }[]
      const played = log.filter(({ topic }) => topic === 'playback')
      // The same record as upstream.
      const { epoch: _epoch, topic: _topic, ...sent } = await observer.record('gan')
      expect(played.map(({ record }) => record)).toEqual([sent])
      expect(await answerOf('media')).toMatchObject({ quotaMb: 4096 })
      const table = await agent.loa('schedule')
      expect(Math.max(...table.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
      // Stopped, not gone: it holds its socket and says nothing.
      agent.kill('SIGSTOP')
      try {
        const asked = [['status'], ['schedule'], ['amp', 'off', 'main']].map((words) => agent.loa(...words))
        for (const { code, stdout, stderr } of await Promise.all(asked)) {
          expect({ code, stdout }).toEqual({ code: exit.notRunning, stdout: '' })
          expect(stderr).toContain('systemctl status loa-agent')
        }
      } finally {
        agent.kill('SIGCONT')
      }
    },
    LONG,
  )

  test(
    'plays a tone and switches an amplifier through the running agent',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      expect((await agent.loa('play', '--tone', '1000', '--seconds', '2')).code).toBe(exit.fine)
      const lasted = (await agent.heard('off')) - (await agent.heard('on'))
      expect(Math.abs(lasted - 2000)).toBeLessThan(100)
      await agent.relayed(false)
      const record = await eventually('a record of the tone', () =>
        observer.records.find((each) => each['document'] === 'local'),
      )
      expect(record).toMatchObject({ result: 'completed', rev: 0, tier: 'commune' })

      expect((await agent.loa('amp', 'on', 'main', '--seconds', '1')).code).toBe(exit.fine)
      const open = (await agent.relayed(false, 1)) - (await agent.relayed(true, 1))
      expect(open).toBeGreaterThan(900)
      expect(open).toBeLessThan(1600)
      expect((await agent.loa('amp', 'on', 'no-such')).code).toBe(exit.failed)
      expect(agent.sounds).toHaveLength(1)
    },
    LONG,
  )
})
