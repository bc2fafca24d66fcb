import * as v from 'valibot'
import { areaHead, names, parts, programmeClass, sign, targets, tier, volume } from './content.ts'
import {
  date,
  duration,
  id,
  instant,
  integer,
  language,
  MAX_ITEMS,
  quantity,
  text,
  timeOfDay,
} from './scalars.ts'
import { eitherBy, fields, list } from './shape.ts'

const weekday = v.picklist(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])

const when = eitherBy({
  at: fields({ at: instant }),
  times: fields({
    times: list(timeOfDay, { min: 1, max: 1_440 }),
    days: v.exactOptional(list(weekday, { max: 7 })),
    from: v.exactOptional(date),
    until: v.exactOptional(date),
    except: v.exactOptional(list(date, { max: 1_000 })),
  }),
})

const item = fields({
  id,
  title: v.exactOptional(text(500)),
  class: v.exactOptional(programmeClass),
  tier: v.exactOptional(tier),
  language: v.exactOptional(language),
  when,
  parts: v.exactOptional(parts),
  repeat: v.exactOptional(
    fields({ times: integer(1, 1_000), gapSeconds: v.exactOptional(quantity(0, 14_400)) }),
  ),
  maxSeconds: v.exactOptional(duration(86_400)),
  volume: v.exactOptional(volume),
  order: v.exactOptional(integer(-1_000_000, 1_000_000)),
  late: v.exactOptional(
    fields({
      policy: v.optional(v.picklist(['skip', 'play', 'join']), 'skip'),
      withinSeconds: v.optional(quantity(0, 86_400), 60),
    }),
  ),
  onPreempt: v.exactOptional(v.picklist(['resume', 'restart', 'drop'])),
  amplifiers: v.exactOptional(names),
  targets: v.exactOptional(targets),
  sign: v.exactOptional(sign),
})

/** An empty `parts` is none at all. */
const withoutEmptyParts = <T extends { readonly parts?: readonly unknown[] }>(value: T): T => {
  if (value.parts === undefined || value.parts.length > 0) return value
  const { parts: _, ...rest } = value
  return rest as T
}

const NOTHING_TO_DO = 'expected parts or sign: the item has neither'
const scheduleItem = v.pipe(
  item,
  v.forward(
    v.check((value) => (value.parts ?? []).length > 0 || value.sign !== undefined, NOTHING_TO_DO),
    ['parts'],
  ),
  v.transform(withoutEmptyParts),
  v.description('An item has parts, a sign, or both.'),
)

export const schedule = fields({
  ...areaHead('schedule'),
  items: list(scheduleItem, { max: MAX_ITEMS, unique: 'id' }),
})
