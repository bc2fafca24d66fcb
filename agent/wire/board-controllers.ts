import * as v from 'valibot'
import { brightness, color, panel, portOf } from './board-panel.ts'
import { about } from './config-scalars.ts'
import { integer, matching } from './scalars.ts'
import { strictFields } from './shape.ts'

/** Less has no room for letters with two marks. */
const FEWEST_ROWS = 15

const onlyOneColor = about(v.optional(v.picklist(['rgb', 'mono']), 'mono'), 'What the LEDs can show.')
const sized = (width: number, height: number) => ({
  width: about(integer(1, width), 'Pixels.'),
  height: about(integer(1, height), 'Pixels.'),
})
const watchdogSeconds = about(
  v.optional(integer(10, 3_600), 60),
  'The controller takes a page off by itself when it has not heard from the agent for so long.',
)
const utcHours = about(
  v.optional(integer(-12, 14), 7),
  'How many hours ahead of UTC the clock of the sign is set.',
)
const content = about(
  v.optional(v.picklist(['raster', 'text']), 'raster'),
  'raster: pixels, correct in every language. text: the letters of the controller, without accents.',
)
type Roomy = { readonly content: 'raster' | 'text'; readonly height: number }
const hasRoom = <T extends Roomy>() =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.content === 'text' || dataset.value.height >= FEWEST_ROWS) return
    const { value } = dataset
    addIssue({
      message: `a panel of fewer than ${FEWEST_ROWS} rows has no room for accented letters: content: text`,
      path: [{ type: 'object', origin: 'value', input: value, key: 'content', value: value.content }],
    })
  })

/** Signs whose controller has a protocol of its own. */
export const CONTROLLERS = [
  strictFields({
    driver: v.literal('onbon-bx5k'),
    ...panel,
    width: about(
      v.pipe(
        integer(8, 2_048),
        v.check((width) => width % 8 === 0, 'expected a multiple of 8'),
      ),
      'Pixels, a multiple of 8.',
    ),
    color: onlyOneColor,
    brightness,
    ...portOf(57_600),
    address: about(v.optional(integer(0, 0xfffd), 1), 'Number of the screen, as set in its controller.'),
    watchdogSeconds,
    utcHours,
  }),
  strictFields({
    driver: v.literal('onbon-bx6'),
    ...panel,
    color,
    ...portOf(57_600),
    address: about(v.optional(integer(0, 0xffff), 1), 'Number of the screen, as set in its controller.'),
    deviceType: about(
      v.optional(integer(0, 0xffff), 0x0266),
      'Model of the controller as its maker numbers it: 614 (0266 in hex) is the 6Q2.',
    ),
    watchdogSeconds,
  }),
  v.pipe(
    strictFields({
      driver: v.literal('alpha'),
      ...panel,
      ...sized(255, 31),
      color,
      brightness,
      ...portOf(9_600),
      content,
      type: about(
        v.optional(matching(/^[!-~]$/, 1, 'one letter or sign'), 'Z'),
        'Kind of sign that is meant; Z is every kind.',
      ),
      address: about(
        v.optional(matching(/^[0-9A-F]{2}$/, 2, 'two hexadecimal digits such as "00"'), '00'),
        'Serial address of the sign; 00 is every sign on the line.',
      ),
      answers: about(
        v.optional(v.boolean(), false),
        'True: it is of protocol 2.0 or later and its sending wire is connected, so that it says what it took.',
      ),
      utcHours,
    }),
    hasRoom(),
  ),
  v.pipe(
    strictFields({
      driver: v.literal('am03127'),
      ...panel,
      ...sized(512, 64),
      color: onlyOneColor,
      brightness,
      ...portOf(9_600),
      content,
      signId: about(
        v.optional(integer(0, 255), 1),
        'Id of the sign; 0 is every sign on the line, none of which then answers.',
      ),
      utcHours,
    }),
    hasRoom(),
  ),
  v.pipe(
    strictFields({
      driver: v.literal('jetfile2'),
      ...panel,
      color,
      brightness,
      ...portOf(9_600),
      content,
      group: about(v.optional(integer(0, 255), 0), 'Group address; 0 with unit 0 is every sign.'),
      unit: about(v.optional(integer(0, 255), 0), 'Unit address.'),
      watchdogSeconds,
      utcHours,
    }),
    hasRoom(),
  ),
  strictFields({
    driver: v.literal('hanover'),
    ...panel,
    ...sized(255, 64),
    ...portOf(4_800),
    address: about(v.optional(integer(0, 15), 1), 'Address of the sign, one hexadecimal digit on the wire.'),
  }),
] as const
