import * as v from 'valibot'
import { about, shortList } from './config-scalars.ts'
import { color, mode } from './content.ts'
import { dayRange, MAX_RANGES, rangeIsOpen } from './policy.ts'
import { percent, quantity, seconds, text } from './scalars.ts'
import { eitherBy, strictFields } from './shape.ts'

/** What every sign of a board file may say of how it looks. */

const look = strictFields({
  align: about(
    v.exactOptional(v.picklist(['left', 'center', 'right'])),
    'Where a line stands; center when absent.',
  ),
  vertical: about(
    v.exactOptional(v.picklist(['top', 'middle', 'bottom'])),
    'Where lines stand that leave rows free; middle when absent.',
  ),
  scroll: about(
    v.exactOptional(v.picklist(['left', 'up'])),
    'Where scrolling text goes; up suits panels of several lines, left when absent.',
  ),
  alerts: about(
    v.exactOptional(v.picklist(['steady', 'blink'])),
    'How pages of alerts stand; steady when absent.',
  ),
  gamma: about(
    v.exactOptional(quantity(1, 4)),
    'How much darker pictures are made for LEDs that are lit in proportion; 1 (as they are) when absent, 2.2 with color mono.',
  ),
})

const MOST_IDLE_PAGES = 10
const LONGEST_QR = 300
const page = {
  seconds: about(seconds, 'How long it stands.'),
  color: about(v.exactOptional(color), 'A colour name or #rrggbb; amber when absent, white for a QR code.'),
}
const idlePage = eitherBy({
  text: strictFields({
    text: about(
      text(1_000),
      'Text; {time}, {time:s}, {date}, {weekday} and {countdown INSTANT} are filled in from the clock.',
    ),
    mode: about(v.exactOptional(mode), 'still when absent.'),
    ...page,
  }),
  qr: strictFields({
    qr: about(text(LONGEST_QR), 'Text of a QR code, such as the address of a feedback page.'),
    ...page,
  }),
})

const darkHours = v.pipe(strictFields(dayRange), rangeIsOpen())
export const signSettings = {
  look: about(v.exactOptional(look), 'How pages look on this sign.'),
  idle: about(
    v.exactOptional(shortList(idlePage, MOST_IDLE_PAGES)),
    'Pages that take turns while nobody has the sign; dark when absent.',
  ),
  night: about(
    v.exactOptional(percent),
    'Most brightness in percent from sunset to sunrise, by device.location; from 18:00 to 06:00 without one.',
  ),
  dark: about(
    v.exactOptional(shortList(darkHours, MAX_RANGES)),
    'Local times in which the sign is dark but for alerts, what plays, and items above class normal.',
  ),
}
