import * as v from 'valibot'
import { about, path, shortList } from './config-scalars.ts'
import { rangeIsOpen, volumeCap } from './policy.ts'
import { id, integer, matching } from './scalars.ts'
import { strictFields } from './shape.ts'
import { signSettings } from './sign-settings.ts'

const MAX_RANGES = 12
const MAX_HEX_BYTES = 64

const panel = {
  id: about(id, 'Name that items and commands use.'),
  width: about(integer(1, 2_048), 'Pixels.'),
  height: about(integer(1, 1_024), 'Pixels.'),
  ...signSettings,
}
const color = about(v.optional(v.picklist(['rgb', 'mono']), 'rgb'), 'What the LEDs can show.')
const brightness = about(
  v.exactOptional(shortList(v.pipe(strictFields(volumeCap), rangeIsOpen()), MAX_RANGES)),
  'Caps of brightness in percent by local time; full brightness when absent.',
)
const portOf = (baud: number) => ({
  port: about(path, 'Serial port, best by its name under /dev/serial/by-id.'),
  baud: about(v.optional(integer(1_200, 4_000_000), baud), 'Bits a second.'),
})
const strip = {
  ...panel,
  color,
  brightness,
  ...portOf(115_200),
  layout: about(
    v.optional(v.picklist(['rows', 'serpentine']), 'serpentine'),
    'How the LEDs run: every row from the left, or there and back.',
  ),
}

const hex = matching(
  /^(?:[0-9A-Fa-f]{2} ?)*$/,
  MAX_HEX_BYTES * 3,
  `bytes in hex such as "55 AA 01", at most ${MAX_HEX_BYTES}`,
)
const someHex = v.pipe(hex, v.minLength(2, 'expected at least one byte in hex'))

const pixels = strictFields({
  format: about(v.picklist(['mono', 'rgb565', 'rgb888']), 'One bit, two bytes or three bytes a pixel.'),
  rows: about(v.optional(v.picklist(['top-down', 'bottom-up']), 'top-down'), 'Which row comes first.'),
  layout: about(
    v.optional(v.picklist(['rows', 'serpentine', 'columns']), 'rows'),
    'Every row from the left, every second one from the right, or column by column.',
  ),
  first: about(
    v.optional(v.picklist(['high', 'low']), 'high'),
    'mono: the bit of a byte that is the first pixel. rgb565: the byte of a pixel that comes first.',
  ),
  inverted: about(v.optional(v.boolean(), false), 'True: a lit pixel is sent as 0.'),
})
const checksum = strictFields({
  kind: about(
    v.picklist(['sum8', 'xor8', 'crc16-arc', 'crc16-ccitt']),
    'Sum or exclusive or of the bytes, or a CRC of two bytes: ARC (A001, low byte first), CCITT (1021 from FFFF, high byte first).',
  ),
  over: about(v.optional(v.picklist(['pixels', 'header-and-pixels']), 'pixels'), 'What it is taken of.'),
})

const plainHex = (value: string): string => value.replaceAll(' ', '').toUpperCase()

/** The shorter one would be taken for the beginning of the other, and waited upon. */
const beginAlike = ({ ack, nack }: { readonly ack: string; readonly nack?: string }): boolean => {
  const [one, other] = [plainHex(ack), plainHex(nack ?? '-')]
  return one !== '' && other !== '' && (one.startsWith(other) || other.startsWith(one))
}
const answer = v.pipe(
  strictFields({
    ack: about(someHex, 'Bytes that say that a frame was taken, in hex.'),
    nack: about(v.exactOptional(someHex), 'Bytes that say that it was not, in hex.'),
  }),
  v.check((value) => !beginAlike(value), 'one of ack and nack begins with the other'),
)

const screen = strictFields({
  width: about(integer(1, 16_384), 'Pixels of the screen.'),
  height: about(integer(1, 16_384), 'Pixels of the screen.'),
})

/** One entry a driver: a new protocol is one more. */
export const sign = v.variant('driver', [
  strictFields({ driver: v.literal('adalight'), ...strip }),
  strictFields({ driver: v.literal('awa'), ...strip }),
  strictFields({
    driver: v.literal('tpm2'),
    ...strip,
    answers: about(
      v.optional(v.boolean(), false),
      'True: the receiver answers a ping (C9 AA with AC, as WLED does), so that it is known when it is gone.',
    ),
  }),
  strictFields({
    driver: v.literal('generic-serial'),
    ...panel,
    brightness,
    ...portOf(9_600),
    dataBits: about(v.optional(v.picklist([7, 8]), 8), 'Of a byte on the wire.'),
    parity: about(v.optional(v.picklist(['none', 'even']), 'none'), 'Of a byte on the wire.'),
    stopBits: about(v.optional(v.picklist([1, 2]), 1), 'Of a byte on the wire.'),
    header: about(v.optional(hex, ''), 'Bytes before the pixels, in hex.'),
    pixels: about(pixels, 'How the pixels are sent.'),
    checksum: about(v.exactOptional(checksum), 'Follows the pixels; none when absent.'),
    footer: about(v.optional(hex, ''), 'Bytes at the end, in hex.'),
    answer: about(
      v.exactOptional(answer),
      'What the controller says to each frame; it is silent when absent.',
    ),
  }),
  strictFields({
    driver: v.literal('framebuffer'),
    ...panel,
    brightness,
    path: about(v.optional(path, '/dev/fb0'), 'The framebuffer device, or a plain file.'),
    x: about(v.optional(integer(0, 16_384), 0), 'Column of the screen where the panel begins.'),
    y: about(v.optional(integer(0, 16_384), 0), 'Row of the screen where the panel begins.'),
    format: about(
      v.exactOptional(v.picklist(['xrgb8888', 'rgb565'])),
      'Format of a pixel; what the kernel says when absent, xrgb8888 for a plain file.',
    ),
    screen: about(
      v.exactOptional(screen),
      'Size of the screen; what the kernel says when absent, the panel alone for a plain file.',
    ),
    card: about(
      v.exactOptional(strictFields({ driver: v.literal('novastar'), ...portOf(115_200) })),
      'The sending card behind the screen: it dims the wall, makes it black when nothing is shown, and is asked whether it is there.',
    ),
  }),
  strictFields({
    driver: v.literal('virtual'),
    ...panel,
    color,
    trace: about(v.exactOptional(path), 'File that gets one JSON line a change, with the path of a PNG.'),
  }),
])
