import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Bench, inMs, itemAt, toneMp3 } from '../../test/rig/bench.ts'
import { canMount } from '../../test/rig/can-mount.ts'
import { Card } from '../../test/rig/card.ts'
import { eventually } from '../../test/rig/eventually.ts'

/** A normal day: half an hour in the morning and in the evening, of five items each; one new schedule; a heartbeat a minute. */
const DAY = { minutes: 1440, broadcasts: 2 * 5, playedSeconds: 2 * 1800, schedules: 1 }
const GOAL_MB = 20
const SHORT_SECONDS = 5
const EACH = 2
const LEAD_MS = 8000

const allAcknowledged = (bench: Bench): Promise<unknown> =>
  eventually(
    'all records are acknowledged',
    async () => (await bench.agent.status()).outbox === 0 || undefined,
    30_000,
  )

const measured = async (card: Card, work: () => Promise<unknown>): Promise<number> => {
  const before = card.written()
  await work()
  return card.written() - before
}

/** Publishes a schedule of equal items and says what it costs to take it, and what to play all of it. */
const playing = async (card: Card, bench: Bench, rev: number, seconds: number) => {
  const { observer } = bench
  const part = bench.serve(toneMp3(seconds), seconds)
  const first = inMs(LEAD_MS)
  const items = Array.from({ length: EACH }, (_, n) =>
    itemAt(`r${rev}-${n}`, first + n * (seconds + 3) * 1000, { parts: [part] }),
  )
  const taking = await measured(card, async () => {
    await observer.schedule(rev, items)
    await setTimeout(LEAD_MS / 2)
  })
  const sounding = await measured(card, async () => {
    for (const { id } of items) {
      const { result } = await observer.record(String(id), (seconds + 30) * EACH * 1000)
      if (result !== 'completed') throw new Error(`${String(id)} was ${String(result)}`)
    }
    await allAcknowledged(bench)
  })
  return { taking, each: sounding / EACH }
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`

const main = async (idleMinutes: number, longSeconds: number, options: readonly string[]): Promise<void> => {
  if (!canMount) {
    console.log('SKIP flash-wear: only root may mount the card that is measured')
    return
  }
  using card = new Card(256, options)
  await using bench = await Bench.running({
    config: { outbox: { ack: 'broker' }, paths: { state: card.folder } },
  })
  // Once before it counts, so that the files are there.
  await playing(card, bench, 1, SHORT_SECONDS)
  await playing(card, bench, 2, longSeconds)
  const before = card.writtenByItself
  await setTimeout(idleMinutes * 60_000)
  // What waits in memory now waited then as well.
  const idle = (card.writtenByItself - before) / idleMinutes
  const short = await playing(card, bench, 3, SHORT_SECONDS)
  const long = await playing(card, bench, 4, longSeconds)
  const perSecond = (long.each - short.each) / (longSeconds - SHORT_SECONDS)
  const perBroadcast = Math.max(0, short.each - perSecond * SHORT_SECONDS)
  const day = {
    idle: idle * DAY.minutes,
    schedules: short.taking * DAY.schedules,
    broadcasts: perBroadcast * DAY.broadcasts,
    played: perSecond * DAY.playedSeconds,
  }
  const sum = Object.values(day).reduce((total, bytes) => total + bytes, 0)
  console.log(`ext4 with blocks of 4 KiB, mounted noatime${options.map((option) => `,${option}`).join('')}`)
  console.log(`idle, a minute            ${kib(idle)}   over ${idleMinutes} min`)
  console.log(`a schedule taken          ${kib(short.taking)}, ${kib(long.taking)}`)
  console.log(
    `a broadcast               ${kib(perBroadcast)}   of ${EACH} of ${SHORT_SECONDS} s and ${EACH} of ${longSeconds} s`,
  )
  console.log(`a second of it            ${kib(perSecond)}`)
  console.log(`a day, extrapolated       ${mb(sum)}   goal: under ${GOAL_MB} MB`)
  console.log(
    `  of it idle ${mb(day.idle)}, ${DAY.schedules} schedule ${mb(day.schedules)}, ${DAY.broadcasts} broadcasts ${mb(day.broadcasts)}, ${DAY.playedSeconds / 60} min of sound ${mb(day.played)}`,
  )
  console.log(
    'Not in it: new media (twice their size: -wal and database), the nightly chores, the journal of systemd, what the card itself makes of small writes.',
  )
}

const { values } = parseArgs({
  options: { idle: { type: 'string' }, long: { type: 'string' }, mount: { type: 'string' } },
})
await main(Number(values.idle ?? 10), Number(values.long ?? 60), values.mount?.split(',') ?? [])
