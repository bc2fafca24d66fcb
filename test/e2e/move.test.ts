import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeKey, type SigningKey } from '../../scripts/source-system/keys.ts'
import { seal } from '../../scripts/source-system/sign.ts'
import { grant } from '../../scripts/source-system/trust.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { chainFaults, Observer, scheduleDocument } from '../rig/observer.ts'

const LONG = 90_000
const ROOT = makeKey('root-a')
const CENTRAL = makeKey('central')
const OLD = makeKey('p-75')
const NEW = makeKey('p-77')
const FROM = new Date(Date.now() - 60_000)

type Kind = Parameters<typeof seal>[0]
const signed = (kind: Kind, document: object, key: SigningKey): string =>
  seal(kind, Buffer.from(JSON.stringify(document)), [key])
const iat = (): string => new Date().toISOString()

const trustOf = (area: string, key: SigningKey): string => {
  const keys = [grant(key, { area, from: FROM })]
  return signed('trust', { kind: 'trust', v: 1, area, rev: 1, iat: iat(), keys }, ROOT)
}

const flood = (area: string, id: string, key: SigningKey): string => {
  const alert = {
    id,
    event: 'flood',
    severity: 'extreme',
    headline: { vi: 'LŨ' },
    siren: { onSeconds: 1, offSeconds: 0, cycles: 1 },
    until: new Date(Date.now() + 2500).toISOString(),
  }
  return signed('alert', { kind: 'alert', v: 1, area, rev: 1, iat: iat(), alerts: [alert] }, key)
}

const moveTo = (province: string, commune: string): string => {
  const config = { place: { province, commune, overlapDays: 1 } }
  return signed('desired', { kind: 'desired', v: 1, device: DEVICE, rev: 7, iat: iat(), config }, CENTRAL)
}

/** A receiver of 75/26068 with a programme that is near, heard from by both provinces. */
const open = async (protocol: 4 | 5, seconds: number) => {
  const bench = await Bench.open({
    protocol,
    config: {
      security: { signatures: 'required', rootKeys: [{ kid: ROOT.kid, x: ROOT.x }], threshold: 1 },
      heartbeat: { intervalSeconds: 2 },
    },
  })
  const { agent, observer: before } = bench
  const after = await Observer.connect(bench.broker.url, protocol, DEVICE, '77')
  await before.document('vn', 'trust', trustOf('vn', CENTRAL))
  await before.document('75', 'trust', trustOf('75', OLD))
  await before.document('77', 'trust', trustOf('77', NEW))
  const late = { policy: 'play', withinSeconds: 60 }
  const item = (at: number) => itemAt('tin', at, { parts: [bench.serve(toneMp3(seconds), seconds)], late })
  await agent.start()
  await before.document(
    '75/26068',
    'schedule',
    signed('schedule', scheduleDocument(1, [item(inMs(1500))]), OLD),
  )
  await agent.heard('on')
  return { bench, agent, before, after }
}

/** All that both provinces have, as one row. */
const rowOf = (...observers: readonly Observer[]) =>
  [
    ...new Map(observers.flatMap(({ records }) => records).map((record) => [record.n, record])).values(),
  ].toSorted((a, b) => a.n - b.n)

const withPlace = (place: object) => (body: Readonly<Record<string, unknown>>) =>
  JSON.stringify((body['config'] as { place: object }).place).startsWith(JSON.stringify(place).slice(0, -1))

const moved = { province: '77', commune: '26680' }

test.concurrent(
  'an order to stand in another province is carried out when what plays is over; nothing is lost, both places are obeyed',
  async () => {
    const { bench, agent, before, after } = await open(5, 2)
    await using _bench = bench
    await using _after = after
    await before.desired(moveTo('77', '26680'))
    expect(await agent.exited).toEqual({ code: 0, signal: null })
    expect(before.latest('state')).toMatchObject({ state: 'offline' })
    await agent.start()
    const { config } = await after.until('reported', 'the new place', withPlace(moved))
    expect(config).toMatchObject({ place: { formerly: [{ province: '75', commune: '26068' }] } })
    const { problems } = await agent.status()
    expect(problems.map(({ code }) => code)).not.toContain('CONTROL_STALE')

    // The order of the day stands in the records once, and they are sent again where it stands now.
    expect(await after.record('tin')).toMatchObject({ result: 'completed', document: '75/26068/schedule' })
    expect(await after.event('MOVED')).toMatchObject({ data: { from: '75/26068', to: '77/26680' } })
    expect(chainFaults(after.records)).toEqual([])
    expect(rowOf(before, after).filter((record) => record['item'] === 'tin')).toHaveLength(1)
    expect(new Set(rowOf(before, after).map(({ epoch }) => epoch)).size).toBe(1)
    expect(before.latest('about')).toMatchObject(moved)

    await after.document('77', 'alert', flood('77', 'lu-moi', NEW))
    expect(await after.record('lu-moi')).toMatchObject({ result: 'completed' })
    await after.document('75', 'alert', flood('75', 'lu-cu', OLD))
    expect(await after.record('lu-cu')).toMatchObject({ result: 'completed', document: '75/alert' })

    const file = join(agent.paths.folder, 'stolen.jws')
    const stolen = { ...scheduleDocument(1, []), area: '77/26680' }
    writeFileSync(file, signed('schedule', stolen, OLD))
    expect(JSON.parse((await agent.loa('verify', file, '--json')).stdout)).toMatchObject({
      code: 'UNKNOWN_KEY',
    })

    const last = after.records.at(-1)
    if (last !== undefined) await before.acknowledge(last)
    await eventually('what the former server has is acknowledged', async () => {
      const { outbox } = await agent.status()
      return outbox === 0 || undefined
    })
    expect((await agent.loa('status')).stdout).toContain('75/26068')
  },
  LONG,
)

test.concurrent(
  'killed on the move it stands in the new place, what played goes on, and its will is not the last word in the old one',
  async () => {
    const { bench, agent, before, after } = await open(4, 3)
    await using _bench = bench
    await using _after = after
    await before.desired(moveTo('77', '26680'))
    await before.until('reported', 'on its way', (body) => JSON.stringify(body).includes('"movingTo"'))
    await agent.crash()
    await before.until('state', 'its will', ({ state }) => state === 'lost')
    await agent.start()
    await after.until('state', 'it is there', ({ state }) => state === 'online')
    await before.until('state', 'gone for good', ({ state }) => state === 'offline')
    expect(await after.record('tin')).toMatchObject({ result: 'completed', cuts: 1 })
    expect(chainFaults(after.records)).toEqual([])
    expect(rowOf(before, after).filter((record) => record['item'] === 'tin')).toHaveLength(1)
  },
  LONG,
)

test.concurrent(
  'moved by agent.yaml it obeys the old place until the overlap is over: what had begun there is cancelled, what was due later never was',
  async () => {
    const place = (until: string) => {
      const formerly = [{ province: '75', commune: '26068', until }]
      return { province: '77', commune: '26680', formerly }
    }
    await using bench = await Bench.open()
    const { agent, broker, observer } = bench
    await using after = await Observer.connect(broker.url, 5, DEVICE, '77')
    const move = (until: string): void => {
      const mqtt = { urls: [broker.url] }
      agent.configure({
        config: { device: place(until), mqtt, content: { allow: [`${bench.contentUrl}/`] } },
      })
    }
    move(new Date(Date.now() + 3_600_000).toISOString())
    await agent.start()
    const late = { policy: 'play', withinSeconds: 60 }
    await observer.schedule(1, [
      itemAt('cu', inMs(1500), { parts: [bench.serve(toneMp3(60), 60)], late }),
      itemAt('sau', Date.now() + 600_000, { parts: [{ sound: 'chime' }] }),
    ])
    await agent.heard('on')
    expect((await agent.loa('schedule')).stdout).toContain('of a former place')
    await agent.stop()
    move('2026-01-01')
    await agent.start()
    expect(await after.record('cu')).toMatchObject({ result: 'partial', reason: 'CANCELLED' })
    expect(await after.event('MOVED')).toMatchObject({ data: { left: '75/26068' } })
    const { next, place: now } = await agent.status()
    expect([next, now]).toEqual([[], { province: '77', commune: '26680' }])
    expect(chainFaults(after.records)).toEqual([])
  },
  LONG,
)
