import * as v from 'valibot'
import { areaHead, parts, sign, targets, volume } from './content.ts'
import { duration, id, instant, integer, language, MAX_ITEMS, quantity, text } from './scalars.ts'
import { fields, list, table } from './shape.ts'

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

const alertItem = fields({
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
  cap: v.exactOptional(text(200_000)),
})

export const alert = fields({
  ...areaHead('alert'),
  alerts: list(alertItem, { max: MAX_ITEMS, unique: 'id' }),
})
