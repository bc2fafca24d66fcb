import { BLOCK_BYTES } from './packet.ts'

/** Appears at once, or comes in from the right; goes the same way, or stays until the next page. */
const APPEAR = { still: 'A', scroll: 'E' } as const
const STAY = 'K'
const SPEED = 'Q'
/** In seconds; `A` is half a second. */
const WAITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
export const LINE_ROWS = 8
export const BLOCK_WIDTH = 32
export const BLOCKS_A_PAGE = 8
const LEVELS = [
  { from: 88, letter: 'A' },
  { from: 63, letter: 'B' },
  { from: 38, letter: 'C' },
  { from: 0, letter: 'D' },
] as const

export type Movement = keyof typeof APPEAR

const two = (value: number): string => String(value).padStart(2, '0')

/** Block `index` in pages of eight: `<GA1>` to `<GP8>`. */
export const blockName = (index: number): string =>
  `<G${String.fromCharCode(65 + Math.floor(index / BLOCKS_A_PAGE))}${1 + (index % BLOCKS_A_PAGE)}>`

/** Stores 64 bytes under the name of a block. */
export const writeBlock = (index: number, block: Uint8Array): string =>
  blockName(index) + String.fromCharCode(...block.subarray(0, BLOCK_BYTES))

/** Stores what line 1 to 8 of a page shows: names of blocks, or letters. */
export const writeLine = (
  line: number,
  page: string,
  movement: Movement,
  seconds: number,
  content: string,
): string => {
  const wait = WAITS[Math.min(Math.max(Math.round(seconds), 0), WAITS.length - 1)]
  const leave = movement === 'scroll' ? APPEAR.scroll : STAY
  return `<L${line}><P${page}><F${APPEAR[movement]}><M${SPEED}><W${wait}><F${leave}>${content}`
}

/** The page that is shown while no timetable of the sign's own runs. */
export const runPage = (page: string): string => `<RP${page}>`

export const deleteTimetable = (letter: string): string => `<DT${letter}>`

export const deleteAll = (): string => '<D*>'

/** In percent of full brightness, the nearest of 100, 75, 50 and 25. */
export const brightness = (percent: number): string =>
  `<B${LEVELS.find(({ from }) => percent >= from)?.letter ?? 'D'}>`

/** Local time; `weekday` 1 is Monday. */
export const setClock = (at: {
  readonly year: number
  readonly weekday: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}): string =>
  `<SC>${[at.year % 100, at.weekday, at.month, at.day, at.hour, at.minute, at.second].map(two).join('')}`
