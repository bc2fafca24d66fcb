import * as v from 'valibot'
import { readCap } from './cap.ts'
import { areaHead, parts, sign, targets, volume } from './content.ts'
import { duration, id, instant, integer, language, MAX_ITEMS, quantity, text } from './scalars.ts'
import { fields, list, prepared, table } from './shape.ts'

const event = v.picklist([
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
const siren = fields({
  onSeconds: duration(600),
  offSeconds: quantity(0, 600),
  cycles: integer(1, 100),
})

/** A longer text is a fault of its own and is not looked into. */
const MAX_CAP_CHARACTERS = 200_000

/** Members of the alert go before those of its CAP text. */
const filledFromCap = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !('cap' in value)) return value
  const { cap } = value
  if (typeof cap !== 'string' || cap.length > MAX_CAP_CHARACTERS) return value
  return { ...readCap(cap), ...value }
}

const alertFields = fields({
  id,
  event,
  severity: v.picklist(['extreme', 'severe', 'moderate', 'minor']),
  headline: table(language, text(1_000), 32),
  siren: v.exactOptional(siren),
  parts: v.exactOptional(parts),
  repeatEverySeconds: v.exactOptional(quantity(1, 86_400)),
  until: instant,
  volume: v.exactOptional(volume),
  targets: v.exactOptional(targets),
  sign: v.exactOptional(sign),
  cap: v.exactOptional(text(MAX_CAP_CHARACTERS)),
})
const alertItem = v.pipe(
  prepared(alertFields, filledFromCap),
  v.metadata({ filledBy: 'cap', members: ['event', 'severity', 'headline', 'until'] }),
)

export const alert = fields({
  ...areaHead('alert'),
  alerts: list(alertItem, { max: MAX_ITEMS, unique: 'id' }),
})
