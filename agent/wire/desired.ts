import * as v from 'valibot'
import { digits } from './config-scalars.ts'
import { deviceHead } from './content.ts'
import {
  dayRange,
  fadeInSeconds,
  intervalSeconds,
  MAX_RANGES,
  normalFromProvince,
  rangeIsOpen,
  volumeCap,
} from './policy.ts'
import { id, integer, language, percent } from './scalars.ts'
import { fields, list } from './shape.ts'

const policy = fields({
  quietHours: v.exactOptional(list(v.pipe(fields(dayRange), rangeIsOpen()), { max: MAX_RANGES })),
  volume: v.exactOptional(list(v.pipe(fields(volumeCap), rangeIsOpen()), { max: MAX_RANGES })),
  normalFromProvince: v.exactOptional(normalFromProvince),
  fadeInSeconds: v.exactOptional(fadeInSeconds),
})

const place = fields({
  province: digits(2, '75'),
  commune: digits(5, '26068'),
  overlapDays: v.exactOptional(integer(0, 366)),
})

const config = fields({
  policy: v.exactOptional(policy),
  groups: v.exactOptional(list(id, { max: 1_000 })),
  heartbeat: v.exactOptional(fields({ intervalSeconds })),
  volume: v.exactOptional(percent),
  languages: v.exactOptional(list(language, { min: 1, max: 16 })),
  place: v.exactOptional(place),
})

export const desired = fields({ ...deviceHead('desired'), config })
