import { parseArgs } from 'node:util'
import type { Reading } from '../../test/rig/soak/gauges.ts'
import { growthOf } from '../../test/rig/soak/growth.ts'
import { soakForReal } from '../../test/rig/soak/real.ts'
import { soak } from '../../test/rig/soak/soak.ts'

const YEAR_DAYS = 365
const READINGS = 37
const GOAL_MB = 5
/** Records stay readable for 90 days: until then the database grows. */
const KEPT_DAYS = 100
const WARM_DAYS = 30

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`
const show = ({ day, heap, rss, handles, stateDb, mediaDb }: Reading): void =>
  console.log(
    `day ${String(day).padStart(3)}   heap ${mb(heap)}   rss ${mb(rss)}   handles ${handles}   state.db ${mb(stateDb)}   media.db ${mb(mediaDb)}`,
  )

/** False when a goal was missed. */
const judge = (goals: readonly (readonly [string, boolean])[]): boolean => {
  for (const [goal, met] of goals) console.log(`${met ? 'met   ' : 'MISSED'} ${goal}`)
  return goals.every(([, met]) => met)
}

const accelerated = async (days: number): Promise<boolean> => {
  const readEvery = Math.max(1, Math.floor(days / READINGS))
  const report = await soak({ days, readEvery, onReading: show })
  const { readings, faults, records, resent, heartbeats, births, chores, results, realSeconds } = report
  console.log(
    `${days} days in ${realSeconds.toFixed(0)} s: ${records} records, ${resent} sent again, ${heartbeats} heartbeats, ${births} births, ${chores} chores`,
  )
  for (const [result, count] of Object.entries(results)) console.log(`  ${count} ${result}`)
  for (const fault of faults.slice(0, 20)) console.log(`  FAULT ${fault}`)
  const { heap, rss, handles } = growthOf(readings, Math.min(WARM_DAYS, days / 4))
  const { stateDb } = growthOf(readings, Math.min(KEPT_DAYS, days / 4))
  console.log(`growth: heap ${mb(heap)}, rss ${mb(rss)}, state.db ${mb(stateDb)} after day ${KEPT_DAYS}`)
  return judge([
    ['one record for every occurrence, in one chain', faults.length === 0],
    [`heap grows by less than ${GOAL_MB} MB`, heap < GOAL_MB * 1e6],
    [`resident memory grows by less than ${GOAL_MB} MB`, rss < GOAL_MB * 1e6],
    ['no handle more', handles <= 0],
    ['the database stays as large as it is', days < 2 * KEPT_DAYS || stateDb < 0.25e6],
  ])
}

const { values } = parseArgs({ options: { days: { type: 'string' }, real: { type: 'string' } } })
const met =
  values.real === undefined
    ? await accelerated(Number(values.days ?? YEAR_DAYS))
    : judge(await soakForReal(Number(values.real)))
process.exitCode = met ? 0 : 1
