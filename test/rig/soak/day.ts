import { createHash, randomBytes } from 'node:crypto'
import { ask } from '../ask.ts'
import type { World } from './world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const SOUND_SECONDS = 8
const OUTAGE = { every: 3, from: 9 * HOUR_MS, until: 12 * HOUR_MS } as const
const ALERT = { every: 3, at: 15 * HOUR_MS } as const
const EARLY_MS = 10_000

type Broadcast = { readonly id: string; readonly at: number }

/** 8 kHz, one channel, unsigned 8 bit: the shortest file that is new each day. */
const newWav = (seconds: number): Uint8Array => {
  const samples = randomBytes(8000 * seconds)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8000, 24)
  header.writeUInt32LE(8000, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}

const serve = (world: World): object => {
  const bytes = newWav(SOUND_SECONDS)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  world.content.files.clear()
  world.content.files.set(`/c/${sha256}`, { bytes })
  const urls = [`${world.contentUrl}/c/${sha256}`]
  return { audio: { sha256, bytes: bytes.length, format: 'wav', seconds: SOUND_SECONDS, urls } }
}

/** Three to six a day, at other minutes each day. */
const broadcastsOf = (day: number, midnight: number): readonly Broadcast[] =>
  [5, 7, 11, 14, 17, 19].slice(0, 3 + (day % 4)).map((hour, index) => ({
    id: `tin-${index}`,
    at: midnight + hour * HOUR_MS + ((day * 7 + index * 11) % 50) * MINUTE_MS,
  }))

const publishSchedule = async (world: World, day: number, broadcasts: readonly Broadcast[]) => {
  const { keeper } = world
  const file = serve(world)
  const items = broadcasts.map(({ id, at }, index) => ({
    id,
    title: `Bản tin ngày ${day}`,
    when: { at: new Date(at).toISOString() },
    parts: [{ sound: 'chime' }, index === 0 ? file : { speech: { text: `Hôm nay là ngày thứ ${day}.` } }],
    late: { policy: 'play', withinSeconds: 600 },
    ...(index === 1 ? { sign: { signs: ['gate'], pages: [{ text: `Ngày ${day}`, seconds: 5 }] } } : {}),
  }))
  for (const { id, at } of broadcasts) keeper.await(id, at)
  await keeper.publish('75/26068', 'schedule', day + 1, world.now, { items })
  await world.secondsUntil(`the schedule of day ${day} is armed`, () => {
    const { revs, next } = keeper.latest.get('reported') ?? {}
    const held = Object(revs)['75/26068/schedule'] === day + 1
    const coming = Array.isArray(next) ? next : []
    return held && coming.length === broadcasts.length && coming.every(({ armed }) => armed === true)
  })
}

const passUntil = async (world: World, instant: number): Promise<void> => {
  while (world.now < instant) await world.pass(Math.min(MINUTE_MS, instant - world.now))
}

const play = async (world: World, { id, at }: Broadcast, isOut: boolean): Promise<void> => {
  await passUntil(world, at - EARLY_MS)
  if (isOut) {
    for (let second = 0; second < 40; second += 1) await world.pass(1000)
    return
  }
  await world.secondsUntil(`the record of ${id}`, () => world.keeper.has(id, at))
}

const alarm = async (world: World, day: number): Promise<void> => {
  const { keeper } = world
  const alert = {
    id: 'thu',
    event: 'flood',
    severity: 'severe',
    headline: { vi: 'LŨ' },
    siren: { onSeconds: 3, offSeconds: 1, cycles: 1 },
    until: new Date(world.now + HOUR_MS).toISOString(),
  }
  const rev = 2 * day + 1
  keeper.awaitNext('thu')
  await keeper.publish('75', 'alert', rev, world.now, { alerts: [alert] })
  await world.secondsUntil('the record of the alert', () => keeper.hasNext('thu'))
  await keeper.publish('75', 'alert', rev + 1, world.now, { alerts: [] })
  await world.secondsUntil('the alert is over', () =>
    Object.is(Object(keeper.latest.get('reported')?.['revs'])['75/alert'], rev + 1),
  )
}

const loseNetwork = ({ line }: World): void => line.break({ kind: 'refuse' })

const findNetwork = async (world: World): Promise<void> => {
  const { births } = world.keeper
  world.line.mend()
  await world.secondsUntil('the agent is back', () => world.keeper.births > births)
}

/** One normal day from midnight to midnight: a new schedule, broadcasts, now and then an outage or an alert. */
export const liveDay = async (world: World, day: number): Promise<void> => {
  const midnight = world.now
  const plan: { readonly at: number; readonly work: () => Promise<void> | void }[] = []
  const goesOut = day % OUTAGE.every === OUTAGE.every - 1
  const outage = { from: midnight + OUTAGE.from, until: midnight + OUTAGE.until }
  const broadcasts = broadcastsOf(day, midnight)
  await passUntil(world, midnight + HOUR_MS / 2)
  await publishSchedule(world, day, broadcasts)
  for (const broadcast of broadcasts) {
    const isOut = goesOut && broadcast.at >= outage.from && broadcast.at < outage.until
    plan.push({ at: broadcast.at - EARLY_MS, work: () => play(world, broadcast, isOut) })
  }
  if (goesOut) {
    plan.push({ at: outage.from, work: () => loseNetwork(world) })
    plan.push({ at: outage.until, work: () => findNetwork(world) })
  }
  if (day % ALERT.every === ALERT.every - 1)
    plan.push({ at: midnight + ALERT.at, work: () => alarm(world, day) })
  for (const { at, work } of plan.toSorted((a, b) => a.at - b.at)) {
    await passUntil(world, at)
    await work()
  }
  await passUntil(world, midnight + DAY_MS)
  await ask(world.paths.socket, 'status')
  await world.secondsUntil(
    'everything is acknowledged',
    () => world.keeper.latest.get('heartbeat')?.['outbox'] === 0,
  )
  world.keeper.settleDay()
  world.forgetOrders()
}
