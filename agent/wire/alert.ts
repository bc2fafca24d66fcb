import * as v from 'valibot'
import { readCap } from './cap.ts'
import { areaHead, parts, sign, targets, volume } from './content.ts'
import { duration, id, instant, integer, language, MAX_ITEMS, quantity, text } from './scalars.ts'
import { fields, list, prepared, table } from './shape.ts'

export const event = v.picklist([
  'flood',
  'storm',
  'landslide',
  'fire',
  'epidemic',
  'tsunami',
  'evacuation',
  'civil-defence',
  'test',
])
export const severity = v.picklist(['extreme', 'severe', 'moderate', 'minor'])
export const sirenMembers = {
  onSeconds: duration(600),
  offSeconds: quantity(0, 600),
  cycles: integer(1, 100),
}
export const headline = table(language, text(1_000), 32)
export const repeatEverySeconds = quantity(1, 86_400)
const siren = fields(sirenMembers)

const MAX_CAP_CHARACTERS = 200_000
/** In place of a CAP text that says nothing, which never makes an alert fail that is complete without it. */
const UNREADABLE = ''
const capText = v.fallback(text(MAX_CAP_CHARACTERS), UNREADABLE)

/** Members of the alert go before those of its CAP text. */
const filledFromCap = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !('cap' in value)) return value
  const { cap } = value
  if (typeof cap !== 'string' || cap.length > MAX_CAP_CHARACTERS) return value
  const facts = readCap(cap)
  return { ...facts, ...value, cap: Object.keys(facts).length > 0 ? cap : UNREADABLE }
}

const alertFields = fields({
  id,
  event,
  severity,
  headline,
  siren: v.exactOptional(siren),
  parts: v.exactOptional(parts),
  repeatEverySeconds: v.exactOptional(repeatEverySeconds),
  until: instant,
  volume: v.exactOptional(volume),
  targets: v.exactOptional(targets),
  sign: v.exactOptional(sign),
  cap: v.exactOptional(capText),
})
const alertItem = v.pipe(
  prepared(alertFields, filledFromCap),
  v.metadata({ filledBy: 'cap', members: ['event', 'severity', 'headline', 'until'] }),
)

export const alert = fields({
  ...areaHead('alert'),
  alerts: list(alertItem, { max: MAX_ITEMS, unique: 'id' }),
})
