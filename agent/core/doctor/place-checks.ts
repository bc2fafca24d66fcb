import { areaOf } from '../place.ts'
import type { Check } from './check.ts'
import { ofAgent } from './of-agent.ts'
import { ok, warn } from './told.ts'

const place = ofAgent((agent, say) => {
  const { place: report } = agent.status
  // Of an agent of an earlier release, not yet restarted.
  if (report === undefined) return [ok(say.place.stands(agent.settings.area))]
  const { formerly = [], movingTo } = report
  return [
    ok(say.place.stands(areaOf(report))),
    ...formerly.map((former) => ok(say.place.formerly(areaOf(former), former.until))),
    ...(movingTo === undefined ? [] : [warn(say.place.movingTo(areaOf(movingTo)))]),
  ]
})

/** Where the device stands, and stood. */
export const PLACE_CHECKS: readonly Check[] = [
  {
    group: 'identity',
    name: 'place',
    about: 'commune and province, former places that are still obeyed; warn while a move is waited for',
    run: place,
  },
]
