import { latin } from '../words.ts'

/** How a file of text begins, up to what kind it is, and how it ends. */
const BEGIN = '\x01Z00\x02'
const END = '\x04'
const FLASH_OFF = '\x070'
const IN = '\x0aI'
const OUT = '\x0aO'
const PAUSE = '\x0e'
const SPEED = '\x0f'
const PICTURE = '\x14'
const FONT = '\x1a'
const COLOR = '\x1c'
const MIDDLE = '\x1e0\x1f0'
const FRAME_LABEL = '0'
/** Names a disk in a label of the first format. */
const PATH = '\x0f'
/** What follows is in the letters of JetFile II, not of its predecessor. */
const FORMAT = '\x06'

export type JetColor = 'red' | 'green' | 'yellow'
export type JetMovement = 'still' | 'scroll'

const COLORS: Readonly<Record<JetColor, string>> = { red: '1', green: '2', yellow: '3' }
/** Jumps out as it is; moves in from the right. */
const PATTERNS: Readonly<Record<JetMovement, string>> = { still: '0', scroll: '1' }

/** Fonts of the controller by the rows of their letters. */
const FONTS = [
  { rows: 32, code: '8' },
  { rows: 24, code: '6' },
  { rows: 16, code: '4' },
  { rows: 14, code: '2' },
  { rows: 7, code: '1' },
] as const
const SMALLEST_FONT = '0'

/** How long a frame stays: whole seconds up to 9999. */
export const pause = (seconds: number): string => {
  const whole = Math.min(Math.max(Math.round(seconds), 0), 9999)
  return whole > 99
    ? `${PAUSE}2${String(whole).padStart(4, '0')}`
    : `${PAUSE}0${String(whole).padStart(2, '0')}`
}

/** A text file as it is stored: what is shown, and how. @see JetFile II protocol 2.5.4, part II, table 4.1.2 */
export const textFile = (content: string): Uint8Array => latin(`${BEGIN}A${FRAME_LABEL}${content}${END}`)

/** The same in the first format of the protocol, to a file named by disk, folder and label. */
export const simpleWrite = (path: string, content: string): Uint8Array =>
  latin(`${BEGIN}A${PATH}${path}${FORMAT}${content}${END}`)

/** A picture file of that disk, as the whole of what is shown. */
export const pictureContent = (disk: string, label: string, seconds: number): string =>
  `${IN}${PATTERNS.still}${OUT}${PATTERNS.still}${SPEED}0${pause(seconds)}${PICTURE}${disk}${label}`

/** Letters of the controller, in the largest font that the panel has rows for. */
export const letterContent = (
  text: string,
  style: {
    readonly rows: number
    readonly color: JetColor
    readonly movement: JetMovement
    readonly seconds: number
  },
): string => {
  const font = FONTS.find(({ rows }) => rows <= style.rows)?.code ?? SMALLEST_FONT
  const pattern = PATTERNS[style.movement]
  const manner = `${IN}${pattern}${OUT}${pattern}${SPEED}2${FLASH_OFF}${MIDDLE}${pause(style.seconds)}`
  return `${manner}${FONT}${font}${COLOR}${COLORS[style.color]}${text}`
}
