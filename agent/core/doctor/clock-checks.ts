import type { Check } from './check.ts'
import { ofAgent } from './of-agent.ts'
import type { TimeProbe } from './outside.ts'
import { fail, ok, warn } from './told.ts'

const OFFSET_MS = 100
const MINUTE_MS = 60_000
/** Programmes start late or early by so much, and everybody notices. */
const NOTICED_MS = MINUTE_MS
/** Signatures and certificates begin to fail. */
const WRONG_MS = 5 * MINUTE_MS

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

const spanOf = (ms: number): readonly [amount: string, unit: string] => {
  if (ms >= DAY_MS) return [(ms / DAY_MS).toFixed(1), 'days']
  return ms >= HOUR_MS ? [(ms / HOUR_MS).toFixed(1), 'hours'] : [(ms / MINUTE_MS).toFixed(1), 'minutes']
}

const clock = ofAgent(({ status }, say) => {
  const { state, offsetMs } = status.clock
  if (state === 'unset') return [fail(say.clock.unset, 'NO_CLOCK')]
  if (state === 'stale') return [warn(say.clock.stale, 'CLOCK_UNSYNCED')]
  if (state === 'held') return [ok(say.clock.held)]
  const told = offsetMs.toFixed(1)
  return [Math.abs(offsetMs) > OFFSET_MS ? warn(say.clock.offset(told)) : ok(say.clock.synced(told))]
})

/** Of several the one that differs least: a content server with a wrong clock must not make ours wrong. */
const nearest = (times: readonly TimeProbe[]): TimeProbe | undefined =>
  times.toSorted((a, b) => Math.abs(a.aheadMs) - Math.abs(b.aheadMs))[0]

const compared: Check['run'] = ({ outside, disk: { writtenAt } = {}, at }, say) => {
  const behindMs = writtenAt === undefined ? 0 : Date.parse(writtenAt) - Date.parse(at)
  if (behindMs > WRONG_MS) return [fail(say.clock.behindState(writtenAt ?? ''), 'NO_CLOCK')]
  const near = nearest(outside?.times ?? [])
  if (near === undefined) return []
  const off = Math.abs(near.aheadMs)
  if (off < NOTICED_MS) return [ok(say.clock.agrees(near.source))]
  const told = say.clock.differs(near.source, ...spanOf(off), near.aheadMs > 0)
  return [off < WRONG_MS ? warn(told) : fail(told, 'NO_CLOCK')]
}

const ntp: Check['run'] = ({ service: { time } = {} }, say) => {
  if (time?.['NTP'] === undefined) return []
  if (time['NTP'] !== 'yes') return [warn(say.clock.ntpOff)]
  return [time['NTPSynchronized'] === 'yes' ? ok(say.clock.ntpOn) : warn(say.clock.ntpUnsynced)]
}

const rtc: Check['run'] = ({ machine: { rtcAt }, at }, say) => {
  if (rtcAt === undefined) return [ok(say.clock.noRtc)]
  const off = Math.abs(Date.parse(rtcAt) - Date.parse(at))
  return [off < NOTICED_MS ? ok(say.clock.rtc) : warn(say.clock.rtcOff(...spanOf(off)))]
}

/** The time of this device. */
export const CLOCK_CHECKS: readonly Check[] = [
  {
    group: 'clock',
    name: 'clock',
    about: 'whether the time is known, and how far the kernel says it is off',
    codes: ['NO_CLOCK', 'CLOCK_UNSYNCED'],
    explainedBy: ['compared'],
    run: clock,
  },
  {
    group: 'clock',
    name: 'compared',
    about:
      'this clock against time servers, content servers and what was written here last: warn from 1 min, FAIL from 5 min',
    codes: ['NO_CLOCK'],
    run: compared,
  },
  {
    group: 'clock',
    name: 'ntp',
    about: 'a time service is switched on and synchronises',
    explainedBy: ['clock', 'compared', 'link', 'way', 'name-servers'],
    run: ntp,
  },
  {
    group: 'clock',
    name: 'rtc',
    about: 'the clock that goes on without power, against this one',
    explainedBy: ['clock', 'compared'],
    run: rtc,
  },
]
