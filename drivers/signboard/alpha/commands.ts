import { hex } from '../words.ts'
import type { AlphaCommand } from './packet.ts'

const ESC = '\x1b'
const CR = '\r'
const CALL_PICTURE = '\x14'
/** The file that overrides everything while it has a text, and exists without being configured. */
export const PRIORITY = '0'
/** What the priority file holds, with its position and mode. */
export const MOST_PRIORITY_BYTES = 125
/** Of a picture's data: its label, two digits of height, two of width; then the sign needs a pause. */
const PICTURE_HEAD_BYTES = 5

const POSITIONS = { middle: ' ', top: '"', bottom: '&', fill: '0' } as const
const MODES = { rotate: 'a', hold: 'b', flash: 'c', scroll: 'm' } as const
export type Position = keyof typeof POSITIONS
export type Mode = keyof typeof MODES

const command = (code: string, data: string, pauseAt: readonly number[] = []): AlphaCommand => ({
  code,
  data: Uint8Array.from(data, (character) => character.charCodeAt(0) & 0x7f),
  pauseAt,
})

const special = (data: string): AlphaCommand => command('E', data)

const two = (value: number): string => String(value).padStart(2, '0')

export const writeText = (label: string, position: Position, mode: Mode, text: string): AlphaCommand =>
  command('A', `${label}${ESC}${POSITIONS[position]}${MODES[mode]}${text}`)

/** The other texts run again. Anything more, were it an empty text in a mode, would blank the sign instead. */
export const clearPriority = (): AlphaCommand => command('A', PRIORITY)

/** In a text, where a picture stands. */
export const callPicture = (label: string): string => `${CALL_PICTURE}${label}`

/** Rows of digits, one a pixel: 0 dark, 1 red, 2 green, 3 amber. */
export const writePicture = (label: string, width: number, rows: readonly string[]): AlphaCommand =>
  command('I', `${label}${hex(rows.length, 2)}${hex(width, 2)}${rows.map((row) => row + CR).join('')}`, [
    PICTURE_HEAD_BYTES,
  ])

export type MemoryFile =
  | { readonly label: string; readonly type: 'text'; readonly bytes: number }
  | { readonly label: string; readonly type: 'string'; readonly bytes: number }
  | { readonly label: string; readonly type: 'picture'; readonly width: number; readonly height: number }

/** Text files always run; strings and pictures are kept from the infrared keyboard. */
const FILE: Readonly<Record<MemoryFile['type'], (file: MemoryFile) => string>> = {
  text: (file) => `AU${hex('bytes' in file ? file.bytes : 0, 4)}FFFF`,
  string: (file) => `BL${hex('bytes' in file ? file.bytes : 0, 4)}0000`,
  picture: (file) => ('width' in file ? `DL${hex(file.height, 2)}${hex(file.width, 2)}4000` : ''),
}

/** What labels stand for from now on. Everything on the sign is gone. */
export const configureMemory = (files: readonly MemoryFile[]): AlphaCommand =>
  special(`$${files.map((file) => file.label + FILE[file.type](file)).join('')}`)

export const clearMemory = (): AlphaCommand => special('$')

/** These texts in turn, whatever their times. */
export const runSequence = (labels: string): AlphaCommand => special(`.SU${labels}`)

export const softReset = (): AlphaCommand => special(',')

export const acknowledge = (on: boolean): AlphaCommand => special(on ? 's1' : 's0')

export const speakerOn = (): AlphaCommand => special('!00')

export const writeString = (label: string, text: string): AlphaCommand => command('G', label + text)

export const setTime = (hour: number, minute: number): AlphaCommand => special(` ${two(hour)}${two(minute)}`)

export const setDate = (year: number, month: number, day: number): AlphaCommand =>
  special(`;${two(month)}${two(day)}${two(year % 100)}`)

/** Sunday is 1. */
export const setDayOfWeek = (day: number): AlphaCommand => special(`&${day}`)

/** In percent of full brightness, the nearest of the five levels there are. */
export const dim = (percent: number): AlphaCommand => {
  const levels = [100, 86, 72, 58, 44]
  const distances = levels.map((level) => Math.abs(level - percent))
  return special(`/01${two(distances.indexOf(Math.min(...distances)))}`)
}
