import * as v from 'valibot'
import { about, milliseconds, path } from './config-scalars.ts'
import { bias, gpioLine } from './gpio-line.ts'
import { id } from './scalars.ts'
import { strictFields } from './shape.ts'

const contact = {
  id: about(id, 'Name in records and events.'),
  role: about(
    v.picklist(['mains', 'tamper', 'emergency', 'fault', 'door']),
    'What the contact means when it is active: mains there, box opened, alarm given, equipment faulty, door open.',
  ),
  debounceMs: about(v.optional(milliseconds(0, 10_000), 50), 'How long a level must last to count.'),
  holdMs: about(
    v.exactOptional(milliseconds(0, 60_000)),
    'Of an emergency contact alone: how long it must be active before it gives alarm; at once when absent.',
  ),
}
const level = about(path, 'File that holds 1 while the contact is active, else 0; made when it is not there.')
const KEY_SWITCH = 'Of an emergency contact alone: it gives alarm only while this one is active too.'

/** A contact of the board. */
export const input = v.variant('driver', [
  strictFields({
    driver: v.literal('gpiochip'),
    ...contact,
    ...gpioLine,
    bias,
    keySwitch: about(v.exactOptional(strictFields({ ...gpioLine, bias })), KEY_SWITCH),
  }),
  strictFields({
    driver: v.literal('virtual'),
    ...contact,
    level,
    keySwitch: about(v.exactOptional(strictFields({ level })), KEY_SWITCH),
  }),
])
