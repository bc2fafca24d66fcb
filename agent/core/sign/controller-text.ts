import type { PageMode } from '../documents.ts'
import type { Panel } from './raster.ts'

const MARKS = /\p{M}/gu
const BEYOND_ASCII = /[^\n\x20-\x7e]/gu
const STAND_IN = '?'

/** What takes no part in decomposition, in the letters that every controller has. */
const WRITTEN_AS: ReadonlyMap<string, string> = new Map([
  ...[...'đĐøØłŁ'].map((letter, i) => [letter, 'dDoOlL'.charAt(i)] as const),
  ...[...'‘’‚‛′'].map((quote) => [quote, "'"] as const),
  ...[...'“”„‟″«»'].map((quote) => [quote, '"'] as const),
  ...[...'‐‑‒–—―−'].map((dash) => [dash, '-'] as const),
  ['•', '*'],
  ['×', 'x'],
  ['€', 'EUR'],
  ['₫', 'd'],
])

/**
 * A prepared text for a controller that draws text itself: printable ASCII and `\n`, letters without their marks.
 * `lost`: characters that have no such form; a question mark stands for each.
 */
export const unaccented = (prepared: string): { readonly text: string; readonly lost: readonly string[] } => {
  const lost = new Set<string>()
  const text = prepared
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(BEYOND_ASCII, (character) => {
      const written = WRITTEN_AS.get(character)
      if (written === undefined) lost.add(character)
      return written ?? STAND_IN
    })
  return { text, lost: [...lost] }
}

/** Of the usual built-in fonts, with the space between letters and lines. */
const CELL = { width: 8, height: 16 } as const

/** A controller cuts off a standing text that its panel has no room for: such a text moves instead. */
export const modeOnController = (text: string, panel: Panel, mode: PageMode | undefined): PageMode => {
  const columns = Math.floor(panel.width / CELL.width)
  const rows = Math.max(1, Math.floor(panel.height / CELL.height))
  const lines = text.split('\n')
  const fits = lines.length <= rows && lines.every((line) => line.length <= columns)
  return (mode ?? 'still') === 'still' && !fits ? 'scroll' : (mode ?? 'still')
}
