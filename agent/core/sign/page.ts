import type { Page, PageMode } from '../documents.ts'
import { AMBER, colorOf, type Rgb } from './color.ts'
import { modeOnController, unaccented } from './controller-text.ts'
import type { Faces } from './fit.ts'
import { facesFor } from './fonts/faces.ts'
import { lookOf, type PagePanel } from './look.ts'
import { flipping, runningLeft, runningUp } from './motion.ts'
import { darkRaster, type Panel, type Raster } from './raster.ts'
import { SMOOTH_FRAMES_PER_SECOND } from './scroll.ts'
import type { Steps } from './step.ts'
import { LONGEST_TEXT, prepareText } from './text.ts'

export type PageFault =
  /** Characters without a glyph: drawn as a box, marks left out. */
  | { readonly kind: 'no-glyph'; readonly characters: readonly string[] }
  /**
   * Letters are shown without their marks: the panel has no rows for them, or its controller draws text itself and has
   * neither accents nor colours and fonts of ours.
   */
  | { readonly kind: 'unaccented' }
  /** A script whose letters join is shown letter by letter. */
  | { readonly kind: 'unjoined' }
  | { readonly kind: 'unknown-color'; readonly color: string }
  /** The text is too long to be read in the page's seconds. */
  | { readonly kind: 'hurried' }
  /** Only the beginning is shown. */
  | { readonly kind: 'text-too-long' }
  /** The panel has too few pixels for what the page holds. */
  | { readonly kind: 'too-small' }
  /** A picture that does not decode, or for a sign that shows text only. */
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

/** Less cannot be seen, and would keep the board busy with changing pages. */
const SHORTEST_PAGE_MS = 100
/** The sign by which Khmer puts a consonant below another one. */
const JOINS = /\u17d2/u

type TextPage = Extract<Page, { readonly text: string }>

/** One picture for so long. */
export const standing = (raster: Raster, durationMs: number): LaidPage => ({
  text: '',
  durationMs,
  steps: () => ({ index: 0, nextMs: Number.POSITIVE_INFINITY }),
  draw: () => raster,
  faults: [],
})

/** Nothing on the panel, for ever. */
export const darkPage = (panel: Panel): LaidPage => standing(darkRaster(panel), Number.POSITIVE_INFINITY)

/** How long a page stands. */
export const pageMs = ({ seconds }: Pick<Page, 'seconds'>): number =>
  Math.max(SHORTEST_PAGE_MS, seconds * 1000)

/** A link too slow to scroll smoothly shows the same text panel by panel instead. */
const motionOn = (panel: PagePanel, mode: PageMode | undefined) => {
  if (mode !== 'scroll' || panel.framesPerSecond < SMOOTH_FRAMES_PER_SECOND) return flipping
  return lookOf(panel).scroll === 'up' ? runningUp : runningLeft
}

const colorFor = ({ color }: TextPage): Rgb => (color === undefined ? undefined : colorOf(color)) ?? AMBER

const faultsOf = (
  page: TextPage,
  missing: readonly string[],
  further: Readonly<Partial<Record<'hurried' | 'unaccented' | 'unjoined' | 'isCut', boolean>>>,
): readonly PageFault[] => {
  const faults: PageFault[] = []
  if (further.unaccented === true) faults.push({ kind: 'unaccented' })
  if (missing.length > 0) faults.push({ kind: 'no-glyph', characters: [...new Set(missing)] })
  if (further.unjoined === true) faults.push({ kind: 'unjoined' })
  if (page.color !== undefined && colorOf(page.color) === undefined)
    faults.push({ kind: 'unknown-color', color: page.color })
  if (further.hurried === true) faults.push({ kind: 'hurried' })
  if (page.text.length > LONGEST_TEXT || further.isCut === true) faults.push({ kind: 'text-too-long' })
  return faults
}

/** One picture for all of the page's seconds: what moves is moved by the controller. */
const layControllerPage = (page: TextPage, panel: PagePanel): LaidPage => {
  const asked = prepareText(page.text)
  const { text: whole, lost } = unaccented(asked)
  const text = whole.slice(0, panel.longestText)
  return {
    ...standing(darkRaster(panel), pageMs(page)),
    text,
    manner: { mode: modeOnController(text, panel, page.mode), color: colorFor(page) },
    faults: faultsOf(page, lost, { unaccented: whole !== asked, isCut: text !== whole }),
  }
}

/**
 * Lays a text page out for a panel in the largest face that suits it: still and flip in panels at word boundaries,
 * scroll in one line, or in lines that go up.
 */
export const layTextPage = (page: TextPage, panel: PagePanel, faces: Faces = facesFor(panel)): LaidPage => {
  if (panel.takes === 'text') return layControllerPage(page, panel)
  const text = prepareText(page.text)
  const durationMs = pageMs(page)
  const [{ plain }] = faces
  const shown = plain ? unaccented(text) : { text, lost: [] }
  const { steps, draw, lines, hurried } = motionOn(panel, page.mode)(
    shown.text,
    panel,
    faces,
    colorFor(page),
    durationMs,
  )
  const missing = [...shown.lost, ...lines.flatMap((line) => line.missing)]
  const faults = faultsOf(page, missing, {
    hurried,
    unaccented: shown.text !== text,
    unjoined: JOINS.test(shown.text),
  })
  return { text, durationMs, steps, draw, faults }
}
