import { expect, test } from 'vitest'
import {
  OPTIONAL_PARTS,
  SAFE_MODE_MS,
  type StartMode,
  SURVIVED_AFTER_MS,
} from '../../agent/core/safe-mode.ts'
import { isoUtc } from '../../agent/core/time.ts'
import { StartWatch } from '../../agent/services/start-watch.ts'
import { ManualClock } from '../fakes/manual-clock.ts'

const SIGNS_OFF: StartMode = { kind: 'safe', part: 'signs', off: ['signs'], entered: true }

const begin = (mode: StartMode) => {
  const clock = new ManualClock()
  const told: string[] = []
  const state = { sounding: false }
  const watch = new StartWatch({
    clock,
    mode,
    onSurvived: () => told.push('survived'),
    sounding: () => state.sounding,
    restart: () => told.push('restart'),
  })
  return { clock, told, state, watch }
}

test('a start is survived five seconds after it was ready, once, and not before it is ready', async () => {
  const { clock, told, watch } = begin({ kind: 'normal' })
  await clock.advance(60_000)
  watch.tick()
  watch.ready()
  await clock.advance(SURVIVED_AFTER_MS - 1)
  watch.tick()
  expect(told).toEqual([])
  await clock.advance(1)
  watch.tick()
  watch.tick()
  expect(told).toEqual(['survived'])
})

test('a normal start runs everything, tells nothing and never ends by itself', async () => {
  const { clock, told, watch } = begin({ kind: 'normal' })
  expect(OPTIONAL_PARTS.every((part) => watch.runs(part))).toBe(true)
  expect(watch.report).toBeUndefined()
  expect(watch.problems).toEqual([])
  await clock.advance(2 * SAFE_MODE_MS)
  watch.tick()
  expect(told).toEqual([])
})

test('safe mode says what is off, why and until when, and ends after ten minutes', async () => {
  const { clock, told, watch } = begin(SIGNS_OFF)
  const until = isoUtc(clock.wall()).replace('03:00:00', '03:10:00')
  expect(OPTIONAL_PARTS.filter((part) => !watch.runs(part))).toEqual(['signs'])
  await clock.advance(60_000)
  expect(watch.report).toEqual({ part: 'signs', off: ['signs'], until })
  expect(watch.problems).toEqual([{ code: 'SAFE_MODE', detail: `signs fails; off: signs; until ${until}` }])
  await clock.advance(SAFE_MODE_MS - 60_001)
  watch.tick()
  expect(told).toEqual([])
  await clock.advance(1)
  watch.tick()
  expect(told).toEqual(['restart'])
})

test('safe mode does not end in the middle of what sounds', async () => {
  const { clock, told, state, watch } = begin({ kind: 'safe', off: OPTIONAL_PARTS, entered: true })
  expect(watch.problems[0]?.detail).toContain('nobody knows which part fails')
  state.sounding = true
  await clock.advance(SAFE_MODE_MS + 30_000)
  watch.tick()
  expect(told).toEqual([])
  state.sounding = false
  watch.tick()
  expect(told).toEqual(['restart'])
})
