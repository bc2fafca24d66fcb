import { setTimeout as wait } from 'node:timers/promises'
import type { ReportedMessage } from '../../agent/core/upstream.ts'
import { Bench, inMs, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { scheduleDocument } from '../rig/observer.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import { cpuMsOf, familyOf, type Memory, memoryOf, othersNamed, roleOf } from './parts/processes.ts'
import type { NamedBench, Section } from './parts/section.ts'

const ITEMS = 500
const FILES = 8
const MP3_SECONDS = 60
/** So long before its second nothing of an item is being decoded yet. */
const UNHEARD_MS = 20_000
/** The start is over, and its pages are still mapped. */
const BEFORE_GIVING_BACK_MS = 12_000
const GOAL_MB = { idle: 80, playing: 140 }

type Seen = ReadonlyMap<string, Memory>

const sumOf = (seen: Seen): number => [...seen.values()].reduce((sum, { pss }) => sum + pss, 0)

/** Every process of the agent, by what it is; several of a kind together. */
const look = (pid: number): Seen => {
  const seen = new Map<string, Memory>()
  for (const one of familyOf(pid)) {
    const memory = memoryOf(one)
    if (memory === undefined) continue
    const role = roleOf(one)
    const held = seen.get(role) ?? { pss: 0, anonymous: 0 }
    seen.set(role, { pss: held.pss + memory.pss, anonymous: held.anonymous + memory.anonymous })
  }
  return seen
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** 500 items of a chime, an MP3 of 20 s and a scrolling page; none but `now` within the next two days. */
const schedule = (bench: Bench, now: number): Readonly<Record<string, unknown>> => {
  const files = Array.from({ length: FILES }, (_, index) =>
    bench.serve(toneMp3(20 + index / 10), 20 + index / 10),
  )
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString()
  const items = Array.from({ length: ITEMS - 1 }, (_, index) => {
    const minute = (index * 7) % 1440
    const time = `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}:${twoDigits(index % 60)}`
    return {
      id: `tin-${index}`,
      title: `Bản tin số ${index} của Đài truyền thanh xã`,
      when: { times: [time], days: ['mon', 'wed', 'fri'], from: soon.slice(0, 10) },
      parts: [{ sound: 'chime' }, files[index % FILES]],
      sign: {
        pages: [{ text: `Họp thôn ${index} lúc 19:30 tối nay`, mode: 'scroll', color: 'amber', seconds: 10 }],
      },
    }
  })
  const playing = {
    id: 'now',
    when: { at: new Date(now).toISOString() },
    parts: [bench.serve(toneMp3(MP3_SECONDS), MP3_SECONDS)],
  }
  return scheduleDocument(1, [...items, playing])
}

const rowsOf = (state: string, goal: number, seen: Seen): readonly (readonly string[])[] => [
  ...[...seen].map(([role, { pss, anonymous }]) => [
    state,
    role,
    `${pss.toFixed(1)} MB`,
    `${anonymous.toFixed(1)} MB`,
    '',
  ]),
  [
    state,
    'all',
    `${sumOf(seen).toFixed(1)} MB`,
    `${[...seen.values()].reduce((sum, { anonymous }) => sum + anonymous, 0).toFixed(1)} MB`,
    `${goal} MB: ${sumOf(seen) <= goal ? 'met' : 'NOT met'}`,
  ],
]

/** The look at which all processes together were largest, and the CPU each used, in percent of a core. */
const watch = async (
  pid: number,
  ms: number,
): Promise<{ readonly most: Seen; readonly cpu: string; readonly others: number }> => {
  const before = familyOf(pid).map((one) => ({ one, role: roleOf(one), at: cpuMsOf(one) }))
  const begun = performance.now()
  let most: Seen = new Map()
  let others = 0
  while (performance.now() - begun < ms) {
    const seen = look(pid)
    if (sumOf(seen) > sumOf(most)) most = seen
    others = Math.max(others, othersNamed('ffmpeg', familyOf(pid)))
    await wait(500)
  }
  const share = (used: number): string => ((100 * used) / (performance.now() - begun)).toFixed(1)
  const cpu = before.map(({ one, role, at }) => `${role} ${share(cpuMsOf(one) - at)} %`).join(', ')
  return { most, cpu, others }
}

/** Proportional set size of the agent with all its processes, idle and while an MP3 plays. */
const measure = async (quick: boolean): Promise<Section> => {
  const idleMs = quick ? 17_000 : 30_000
  const watchMs = quick ? 2000 : 20_000
  using own = new OwnCheckout()
  await using bench = await Bench.open({ program: own.loa, board: { sensors: { root: '/' } } })
  const now = inMs(idleMs + UNHEARD_MS)
  await bench.observer.document('75/26068', 'schedule', schedule(bench, now))
  await bench.agent.start()
  const begun = performance.now()
  await bench.observer.until('reported', 'the schedule is in force and its files are there', (body) => {
    const { revs, media } = body as ReportedMessage
    return revs['75/26068/schedule'] === 1 && media.wanted > 0 && media.missing.length === 0
  })
  await wait(BEFORE_GIVING_BACK_MS - (performance.now() - begun))
  const before = sumOf(look(bench.agent.pid)).toFixed(0)
  await wait(idleMs - (performance.now() - begun))
  const idle = look(bench.agent.pid)
  await bench.agent.heard('on', 0, 30_000)
  // Until decoding is ahead as far as it goes.
  await wait(quick ? 1000 : 5000)
  await eventually(
    'a decoder runs',
    () => familyOf(bench.agent.pid).some((pid) => roleOf(pid) === 'ffmpeg') || undefined,
  )
  const { most, cpu, others } = await watch(bench.agent.pid, watchMs)
  await bench.agent.stop()
  const shared =
    others > 0 ? ' Other ffmpeg processes ran beside it, so the share of its libraries is too low.' : ''
  return {
    head: ['state', 'process', 'PSS', 'of it in no file', 'goal'],
    rows: [...rowsOf('idle', GOAL_MB.idle, idle), ...rowsOf('playing', GOAL_MB.playing, most)],
    method:
      `Proportional set size (smaps_rollup) of every process of the agent, nothing subtracted, with a copy of Node that no other process maps; ${ITEMS} items held, broker connected, files fetched and checked, virtual sound card, virtual sign. ` +
      `Idle: ${idleMs / 1000} s after the start; 15 s after it both processes give back the pages that only the start needed, which the kernel could also take back by itself (all together before that: ${before} MB). ` +
      `Playing: the largest of ${watchMs / 1000} s of an MP3. CPU while playing, of one core: ${cpu}.${shared}`,
  }
}

export const memory: NamedBench = { title: 'Memory', run: measure }
