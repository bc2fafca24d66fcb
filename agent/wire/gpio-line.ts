import * as v from 'valibot'
import { about } from './config-scalars.ts'
import { integer, matching } from './scalars.ts'

const chip = matching(
  /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,63}$/,
  64,
  'the name or the label of a GPIO chip, such as gpiochip0, without /dev',
)
export const bias = about(
  v.exactOptional(v.picklist(['pull-up', 'pull-down', 'none'])),
  "The chip's own resistor at an input; as the machine has it when absent. Not every chip has one.",
)
export const gpioLine = {
  chip: about(chip, 'GPIO chip by name or label.'),
  line: about(integer(0, 1_023), 'Line of the chip.'),
  activeLow: about(v.optional(v.boolean(), false), 'True: a low level means on.'),
}
