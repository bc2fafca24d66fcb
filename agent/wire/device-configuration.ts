import * as v from 'valibot'
import { isSamePlace, namesItsPlace } from '../core/place.ts'
import { about, digits, ids, shortList } from './config-scalars.ts'
import { date, id, instant, language, quantity } from './scalars.ts'
import { strictFields } from './shape.ts'

/** More at once are a mistake: the documents of each are listened to. */
const MAX_FORMER_PLACES = 4
const UNTIL = 'a date in quotes such as "2026-12-31", or an instant such as 2026-12-31T17:00:00+07:00'

const province = digits(2, '75')
const commune = digits(5, '26068')

const until = v.pipe(
  v.string(`expected ${UNTIL}`),
  v.check((value) => v.is(date, value) || v.is(instant, value), `expected ${UNTIL}`),
)

const formerPlace = strictFields({
  province: about(province, 'Code of the former province.'),
  commune: about(commune, 'Code of the former commune.'),
  until: about(until, 'Last local date, that day included, or instant up to which its documents are obeyed.'),
})

const formerPlaces = v.pipe(
  shortList(formerPlace, MAX_FORMER_PLACES),
  v.check(
    (places) => new Set(places.map((place) => place.province + place.commune)).size === places.length,
    'the same place stands twice',
  ),
)

const deviceFields = strictFields({
  id: about(
    id,
    'Name of the device for its life, also its MQTT client id. It never contains a code: places are merged and devices move.',
  ),
  province: about(province, 'Code of the province.'),
  commune: about(commune, 'Code of the commune.'),
  formerly: about(
    v.exactOptional(formerPlaces),
    'Where it stood before it was moved: documents from there are obeyed until the overlap ends.',
  ),
  groups: about(v.optional(ids(1_000), []), 'Groups that items may name as targets.'),
  languages: about(
    v.optional(shortList(language, 16, 1), ['vi']),
    'Languages of the place (BCP 47); the first is the default of every item.',
  ),
  location: about(
    v.exactOptional(
      strictFields({
        latitude: about(quantity(-66, 66), 'Degrees, north positive.'),
        longitude: about(quantity(-180, 180), 'Degrees, east positive.'),
      }),
    ),
    'Where the device stands, for sunrise and sunset.',
  ),
})
/** `device` of agent.yaml. */
export const device = v.pipe(
  deviceFields,
  v.forward(
    v.check(
      (value) => !namesItsPlace(value),
      'contains the code of its province or commune; an id stays when the device moves or places are merged',
    ),
    ['id'],
  ),
  v.forward(
    v.check(
      ({ formerly = [], ...here }) => !formerly.some((place) => isSamePlace(place, here)),
      'names the place where the device stands now',
    ),
    ['formerly'],
  ),
)
