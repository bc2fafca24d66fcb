import type { Page, PageMode } from '../documents.ts'
import { AMBER, colorOf, type Rgb } from './color.ts'
import { modeOnController, unaccented } from './controller-text.ts'
import { flipSteps } from './flip.ts'
import type { Font } from './font.ts'
import { type Line, setLine } from './line.ts'
import { darkRaster, drawLine, type Panel, type Raster } from './raster.ts'
import { SMOOTH_FRAMES_PER_SECOND, scrollSteps } from './scroll.ts'
import type { Steps } from './step.ts'
import { LONGEST_TEXT, prepareText } from './text.ts'
import { wrapText } from './wrap.ts'

export type PageFault =
  /** Characters without a glyph: drawn as a box, marks left out. */
  | { readonly kind: 'no-glyph'; readonly characters: readonly string[] }
  | { readonly kind: 'unknown-color'; readonly color: string }
  /** The text is too long to be read in the page's seconds. */
  | { readonly kind: 'hurried' }
  /** Only the beginning is shown. */
  | { readonly kind: 'text-too-long' }
  /** The controller of the sign draws text itself: it has no accents, nor colours and fonts of ours. */
  | { readonly kind: 'unaccented' }
  /** This agent cannot show pictures. */
  | { readonly kind: 'picture' }

/** A page laid out for one panel. */
export type LaidPage = {
  /** The whole text, as it is shown. */
  readonly text: string
  readonly durationMs: number
  readonly steps: Steps
  readonly draw: (index: number) => Raster
  readonly faults: readonly PageFault[]
  /** For controllers that draw the text themselves. */
  readonly manner?: { readonly mode: PageMode; readonly color: Rgb }
}

/** What a page is laid out for. `takes`: a sign that gets `text` draws it itself; pixels are the rule. */
export type PagePanel = Panel & {
  readonly framesPerSecond: number
  readonly takes?: 'raster' | 'text'
  /** Characters that such a sign takes. */
  readonly longestText?: number | undefined
}

/** Less cannot be seen, and would keep the board busy with changing pages. */
const SHORTEST_PAGE_MS = 100

type TextPage = Extract<Page, { readonly text: string }>

const durationOf = (page: TextPage): number => Math.max(SHORTEST_PAGE_MS, page.seconds * 1000)

/** Nothing on the panel, for ever. */
export const darkPage = (panel: Panel): LaidPage => ({
  text: '',
  durationMs: Number.POSITIVE_INFINITY,
  steps: () => ({ index: 0, nextMs: Number.POSITIVE_INFINITY }),
  draw: () => darkRaster(panel),
  faults: [],
})

/** A link too slow to scroll smoothly shows the same text panel by panel instead. */
const modeOn = (panel: PagePanel, mode: PageMode | undefined): PageMode =>
  mode === 'scroll' && panel.framesPerSecond < SMOOTH_FRAMES_PER_SECOND ? 'flip' : (mode ?? 'still')

const groupsOf = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/** As many lines as the panel has room for, centred both ways. */
const drawCentred = (panel: Panel, lines: readonly Line[], color: Rgb): Raster => {
  const raster = darkRaster(panel)
  const height = lines.reduce((sum, line) => sum + line.height, 0)
  let top = Math.floor((panel.height - height) / 2)
  for (const line of lines) {
    drawLine(raster, line, Math.floor((panel.width - line.width) / 2), top, color)
    top += line.height
  }
  return raster
}

type Motion = Pick<LaidPage, 'steps' | 'draw'> & {
  readonly lines: readonly Line[]
  readonly hurried: boolean
}

const flipping = (text: string, panel: PagePanel, font: Font, color: Rgb, durationMs: number): Motion => {
  const lines = wrapText(font, text, panel.width).map((line) => setLine(font, line))
  const chunks = groupsOf(lines, Math.max(1, Math.floor(panel.height / font.height)))
  const { steps, hurried } = flipSteps(chunks.length, durationMs)
  return { lines, steps, hurried, draw: (index) => drawCentred(panel, chunks[index] ?? [], color) }
}

const scrolling = (text: string, panel: PagePanel, font: Font, color: Rgb, durationMs: number): Motion => {
  const line = setLine(font, text.replace(/\s+/gu, ' ').trim())
  const { steps, leftOf, hurried } = scrollSteps(line.width, panel, durationMs)
  const top = Math.floor((panel.height - line.height) / 2)
  const draw = (index: number): Raster => {
    const raster = darkRaster(panel)
    drawLine(raster, line, leftOf(index), top, color)
    return raster
  }
  return { lines: [line], steps, hurried, draw }
}

const faultsOf = (
  page: TextPage,
  motion: { readonly missing: readonly string[]; readonly hurried: boolean; readonly isCut?: boolean },
): readonly PageFault[] => {
  const characters = [...new Set(motion.missing)]
  const faults: PageFault[] = []
  if (characters.length > 0) faults.push({ kind: 'no-glyph', characters })
  if (page.color !== undefined && colorOf(page.color) === undefined)
    faults.push({ kind: 'unknown-color', color: page.color })
  if (motion.hurried) faults.push({ kind: 'hurried' })
  if (page.text.length > LONGEST_TEXT || motion.isCut === true) faults.push({ kind: 'text-too-long' })
  return faults
}

/** One picture for all of the page's seconds: what moves is moved by the controller. */
const layControllerPage = (page: TextPage, panel: PagePanel): LaidPage => {
  const asked = prepareText(page.text)
  const { text: whole, lost } = unaccented(asked)
  const text = whole.slice(0, panel.longestText)
  const color = (page.color === undefined ? undefined : colorOf(page.color)) ?? AMBER
  const degraded: readonly PageFault[] = whole === asked ? [] : [{ kind: 'unaccented' }]
  return {
    ...darkPage(panel),
    text,
    durationMs: durationOf(page),
    manner: { mode: modeOnController(text, panel, page.mode), color },
    faults: [...degraded, ...faultsOf(page, { missing: lost, hurried: false, isCut: text !== whole })],
  }
}

/** Lays a text page out for a panel: still and flip in panels at word boundaries, scroll in one line. */
export const layTextPage = (page: TextPage, panel: PagePanel, font: Font): LaidPage => {
  if (panel.takes === 'text') return layControllerPage(page, panel)
  const text = prepareText(page.text)
  const durationMs = durationOf(page)
  const color = (page.color === undefined ? undefined : colorOf(page.color)) ?? AMBER
  const lay = modeOn(panel, page.mode) === 'scroll' ? scrolling : flipping
  const motion = lay(text, panel, font, color, durationMs)
  const missing = motion.lines.flatMap((line) => line.missing)
  const faults = faultsOf(page, { missing, hurried: motion.hurried })
  return { text, durationMs, steps: motion.steps, draw: motion.draw, faults }
}

/** The pages of a content that a panel can show, and what could not be shown as asked. */
export const layPages = (
  pages: readonly Page[],
  panel: PagePanel,
  font: Font,
): { readonly pages: readonly LaidPage[]; readonly faults: readonly PageFault[] } => {
  const laid = pages.flatMap((page) => ('text' in page ? [layTextPage(page, panel, font)] : []))
  const passedOver: readonly PageFault[] = laid.length < pages.length ? [{ kind: 'picture' }] : []
  return { pages: laid, faults: [...laid.flatMap((page) => page.faults), ...passedOver] }
}
