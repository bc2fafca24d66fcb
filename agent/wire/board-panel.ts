import * as v from 'valibot'
import { about, path, shortList } from './config-scalars.ts'
import { rangeIsOpen, volumeCap } from './policy.ts'
import { id, integer } from './scalars.ts'
import { strictFields } from './shape.ts'
import { signSettings } from './sign-settings.ts'

const MAX_RANGES = 12

/** Every panel. */
export const panel = {
  id: about(id, 'Name that items and commands use.'),
  width: about(integer(1, 2_048), 'Pixels.'),
  height: about(integer(1, 1_024), 'Pixels.'),
  ...signSettings,
}
export const color = about(v.optional(v.picklist(['rgb', 'mono']), 'rgb'), 'What the LEDs can show.')
export const brightness = about(
  v.exactOptional(shortList(v.pipe(strictFields(volumeCap), rangeIsOpen()), MAX_RANGES)),
  'Caps of brightness in percent by local time; full brightness when absent.',
)
/** A serial port at a usual speed. */
export const portOf = (baud: number) => ({
  port: about(path, 'Serial port, best by its name under /dev/serial/by-id.'),
  baud: about(v.optional(integer(1_200, 4_000_000), baud), 'Bits a second.'),
})
