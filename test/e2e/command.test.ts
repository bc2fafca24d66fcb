import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readTar } from '../../agent/core/bundle/tar.ts'
import { commandDocument } from '../../scripts/source-system/command.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { answered, bootOf, order, repliesTo, sendRaw, startAgain } from '../rig/commander.ts'
import { eventually } from '../rig/eventually.ts'
import { Observer } from '../rig/observer.ts'

const LONG = 90_000

const volumeOf = (body: Readonly<Record<string, unknown>>): unknown =>
  (body['config'] as { readonly volume: number }).volume

describe.concurrent('the province orders', () => {
  test(
    'mute: relay open and silence within a second, through a crash, until unmute',
    async () => {
      await using bench = await Bench.running({ config: { heartbeat: { intervalSeconds: 5 } } })
      const { agent, observer } = bench
      await observer.schedule(1, [itemAt('tin', inMs(5000), { parts: [bench.serve(toneMp3(30), 30)] })])
      await agent.heard('on')
      const sent = Date.now()
      expect(await order(observer, 'mute')).toMatchObject({
        status: 'done',
        data: { amplifiers: { main: 'off' } },
      })
      const [open, silent] = [await agent.relayed(false), await agent.heard('off')]
      // The contract's own bound.
      expect(open - sent).toBeLessThan(1000)
      expect(silent - sent).toBeLessThan(1000)
      expect(await observer.record('tin')).toMatchObject({ result: 'partial', reason: 'MUTED' })
      await observer.until('heartbeat', 'muted', ({ state }) => state === 'muted')

      await agent.crash()
      await startAgain(bench)
      expect((await agent.status()).muted).toBe(true)
      await observer.schedule(2, [itemAt('sau', inMs(4000), { parts: [{ sound: 'chime' }] })])
      expect(await observer.record('sau')).toMatchObject({ result: 'skipped', reason: 'MUTED' })
      expect(await order(observer, 'amplifier', { id: 'main', on: true })).toMatchObject({
        status: 'failed',
        code: 'MUTED',
      })
      expect(agent.relay().filter(({ on }) => on)).toHaveLength(1)

      expect(await order(observer, 'unmute')).toMatchObject({ status: 'done' })
      expect((await agent.status()).muted).toBe(false)
      expect(await order(observer, 'play', { parts: [{ sound: 'chime' }] })).toMatchObject({ status: 'done' })
      expect(agent.sounds).toHaveLength(2)
    },
    LONG,
  )

  test(
    'mute for seconds over MQTT 3.1.1, and it is lifted by itself, or by a technician',
    async () => {
      await using bench = await Bench.running({ protocol: 4 })
      const { agent, observer } = bench
      await order(observer, 'mute', { seconds: 3 })
      expect((await agent.status()).state).toBe('muted')
      await eventually(
        'the mute has run out',
        async () => (await agent.status()).state === 'idle' || undefined,
      )
      await order(observer, 'mute')
      expect((await agent.loa('amp', 'unmute')).code).toBe(0)
      expect((await agent.status()).state).toBe('idle')
    },
    LONG,
  )

  test(
    'mute, which outlives a lost database; an alert shows its pages in it, and sounds on unmute',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      await order(observer, 'mute')
      await agent.crash()
      for (const suffix of ['', '-wal', '-shm'])
        rmSync(join(agent.paths.state, `state.db${suffix}`), { force: true })
      await startAgain(bench)
      expect((await agent.status()).muted).toBe(true)
      const alert = {
        id: 'lu',
        event: 'flood',
        severity: 'extreme',
        headline: { vi: 'LŨ KHẨN CẤP' },
        siren: { onSeconds: 2, offSeconds: 1, cycles: 1 },
        until: new Date(Date.now() + 3_600_000).toISOString(),
        sign: { pages: [{ text: 'SƠ TÁN NGAY', mode: 'still', seconds: 3 }] },
      }
      const iat = new Date().toISOString()
      await observer.document('75', 'alert', {
        kind: 'alert',
        v: 1,
        area: '75',
        rev: 1,
        iat,
        alerts: [alert],
      })
      await eventually(
        'its page is on',
        () => agent.sign().some(({ text }) => text === 'SƠ TÁN NGAY') || undefined,
      )
      expect(await observer.record('lu')).toMatchObject({ result: 'skipped', reason: 'MUTED' })
      expect([agent.sounds, agent.relay().filter(({ on }) => on)]).toEqual([[], []])
      await order(observer, 'unmute')
      const sounded = await eventually('it has sounded', () => observer.playbackOf('lu')[1])
      expect(sounded).toMatchObject({ result: 'completed', volume: 100 })
    },
    LONG,
  )

  test(
    'a play of a file that has to be fetched first, and a stop in its middle',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const playing = order(observer, 'play', { parts: [bench.serve(toneMp3(20), 20)], volume: 50 })
      await observer.until('reply', 'started', ({ status }) => status === 'started')
      await agent.heard('on')
      expect(await order(observer, 'stop')).toMatchObject({ status: 'done', data: { stopped: 1 } })
      const last = await playing
      expect(last).toMatchObject({ status: 'done', code: 'STOPPED', data: { result: 'partial' } })
      expect(await observer.record(last.id)).toMatchObject({
        document: 'command',
        rev: 0,
        tier: 'commune',
        class: 'normal',
        result: 'partial',
        reason: 'STOPPED',
        volume: 50,
      })
      expect(repliesTo(observer, last.id)).toEqual(['accepted', 'started', 'done STOPPED'])
    },
    LONG,
  )

  test(
    'T03 T23 nothing twice, and no reply elsewhere: a copy is REPLAYED, and WRONG_BOOT after a restart',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const draft = {
        device: DEVICE,
        op: 'volume',
        args: { volume: 40 },
        now: new Date(),
        validSeconds: 300,
      } as const
      const command = commandDocument({ ...draft, boot: await bootOf(observer), id: 'once' })
      const copy = JSON.stringify(command)
      const elsewhere: string[] = []
      await using neighbour = await Observer.connect(bench.broker.url, 5)
      neighbour.client.on('message', (topic: string) => elsewhere.push(topic))
      const foreign = 'loa/v1/device/75/d-2/up/reply'
      await neighbour.client.subscribeAsync(foreign, { qos: 1 })
      await sendRaw(observer, copy, foreign)
      await answered(observer, 'once', 'done')
      await sendRaw(observer, copy)
      await answered(observer, 'once', 'rejected REPLAYED')
      await observer.event('REPLAYED')
      // A response topic that the message names is not looked at.
      expect(elsewhere).not.toContain(foreign)

      const ended = agent.exited
      expect(await order(observer, 'restart')).toMatchObject({ status: 'done' })
      expect(await ended).toEqual({ code: 0, signal: null })
      await startAgain(bench)
      await sendRaw(observer, copy)
      await answered(observer, 'once', 'rejected WRONG_BOOT')
      await observer.event('WRONG_BOOT')
    },
    LONG,
  )

  test(
    'a volume that outlives a crash, until a higher desired revision gives one',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const desired = (rev: number, config: object) =>
        observer.client.publishAsync(
          `loa/v1/device/75/${DEVICE}/down/desired`,
          JSON.stringify({
            kind: 'desired',
            v: 1,
            device: DEVICE,
            rev,
            iat: new Date().toISOString(),
            config,
          }),
          { qos: 1, retain: true },
        )
      await desired(1, { volume: 80 })
      await observer.until('reported', 'volume 80', (body) => volumeOf(body) === 80)
      await order(observer, 'volume', { volume: 30 })
      await observer.until('reported', 'volume 30', (body) => volumeOf(body) === 30)
      await agent.crash()
      await startAgain(bench)
      await order(observer, 'play', { parts: [{ sound: 'chime' }], volume: 50 })
      const chimed = await eventually('its record', () =>
        observer.records.find(({ document }) => document === 'command'),
      )
      expect(chimed).toMatchObject({ result: 'completed', volume: 15 })
      await desired(2, { groups: ['x'] })
      await observer.until(
        'reported',
        'revision 2',
        ({ revs }) => (revs as { desired: number }).desired === 2,
      )
      expect(volumeOf(observer.latest('reported') ?? {})).toBe(30)
      await desired(3, { volume: 60 })
      await observer.until('reported', 'volume 60', (body) => volumeOf(body) === 60)
    },
    LONG,
  )

  test(
    'pages on the sign and off it, a relay, records again, and what this machine does not do',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const pages = [{ text: 'Họp thôn', mode: 'still', seconds: 5 }]
      const shown = await order(observer, 'sign', { pages, seconds: 600, signs: ['gate', 'attic'] })
      expect(shown).toMatchObject({ status: 'done', data: { signs: { gate: 'ok' }, seconds: 600 } })
      await eventually(
        'the page is on',
        () => agent.sign().some(({ text }) => text === 'Họp thôn') || undefined,
      )
      expect(await order(observer, 'sign-clear')).toMatchObject({ status: 'done', data: { cleared: 1 } })
      await eventually('the sign is dark', () => agent.sign().at(-1)?.text === '' || undefined)
      expect(await observer.record(shown.id)).toMatchObject({
        document: 'command',
        result: 'partial',
        reason: 'STOPPED',
        frames: 0,
      })
      expect(await order(observer, 'sign', { pages, signs: ['attic'] })).toMatchObject({
        status: 'failed',
        code: 'SIGN',
      })

      expect(await order(observer, 'amplifier', { id: 'main', on: true, seconds: 1 })).toMatchObject({
        status: 'done',
        data: { id: 'main', state: 'on', seconds: 1 },
      })
      const [on, off] = [await agent.relayed(true), await agent.relayed(false)]
      expect(off - on).toBeGreaterThan(900)

      const before = observer.deliveries.length
      const last = Math.max(...observer.records.map(({ n }) => n))
      const epoch = observer.records[0]?.epoch
      await order(observer, 'sync', { from: { epoch, n: 1 } })
      await eventually(
        'all records came again',
        () => observer.deliveries.length >= before + last || undefined,
      )
      expect(await order(observer, 'sync', { from: { epoch, n: 1_000_000 } })).toMatchObject({
        status: 'done',
      })
      const renewed = await eventually('a new epoch', () =>
        observer.records.find((record) => record['code'] === 'DATABASE' && record.epoch !== epoch),
      )
      expect(renewed).toMatchObject({ severity: 'alarm', data: { previousEpoch: epoch } })

      // In mute what can be tried in silence is.
      await order(observer, 'mute')
      expect(await order(observer, 'self-test')).toMatchObject({
        status: 'done',
        data: {
          sound: 'not tried',
          amplifiers: { main: 'not tried' },
          signs: { gate: 'ok' },
          relaysKeptOpen: 'MUTED',
          brokerMs: expect.any(Number),
        },
      })
      expect(agent.sounds).toEqual([])
      await order(observer, 'unmute')
      const told = await eventually('the self-test is told', () =>
        observer.records.find((record) => record['code'] === 'SELFTEST'),
      )
      expect(told).toMatchObject({ severity: 'info', data: { by: 'command', ok: true, problems: [] } })
      expect(await order(observer, 'reboot')).toMatchObject({ status: 'failed', code: 'UNSUPPORTED' })
      const { data } = await order(observer, 'bundle')
      const { content } = data as { readonly content: string }
      const parts = [...readTar(gunzipSync(Buffer.from(content, 'base64')))].map(({ name }) => name)
      expect(parts.join(' ')).toContain('arbiter-inputs.jsonl')
      expect(agent.output).not.toContain(content.slice(0, 200))
    },
    LONG,
  )
})
