import type { Zone } from '../schedule/zone.ts'
import type { EpochMs } from '../time.ts'
import { fieldsHoldMs, fillFields } from './fields.ts'
import type { PagePanel } from './look.ts'
import { type LaidPage, layTextPage } from './page.ts'
import { layQrPage, type QrCode } from './qr-page.ts'
import type { IdlePage } from './settings.ts'

/** What idle pages are filled from. */
export type IdleSources = {
  /** The wall clock; undefined while the time is not known. */
  readonly wall: () => EpochMs | undefined
  readonly zone: Zone
  readonly qrOf: (text: string) => QrCode
}

type IdleText = Extract<IdlePage, { readonly text: string }>

/** Pictures of one text are told apart below this. */
const MOST_STEPS = 1_000_000

/** A text with fields is laid out anew whenever what they say changes. */
const layLivePage = (
  page: IdleText,
  panel: PagePanel,
  holdMs: number,
  { wall, zone }: IdleSources,
): LaidPage => {
  const layNow = (): { readonly text: string; readonly laid: LaidPage } => {
    const text = fillFields(page.text, wall(), zone)
    return { text, laid: layTextPage({ ...page, text }, panel) }
  }
  let held = layNow()
  let version = 0
  const refresh = (): void => {
    if (fillFields(page.text, wall(), zone) === held.text) return
    held = layNow()
    version += 1
  }
  return {
    ...held.laid,
    text: '',
    steps: (elapsedMs, turn) => {
      refresh()
      const { index, nextMs } = held.laid.steps(elapsedMs, turn)
      const changesIn = holdMs - ((wall() ?? 0) % holdMs)
      return { index: version * MOST_STEPS + index, nextMs: Math.min(nextMs, changesIn) }
    },
    draw: (index) => held.laid.draw(index % MOST_STEPS),
  }
}

const layIdlePage = (page: IdlePage, panel: PagePanel, sources: IdleSources): LaidPage => {
  if ('qr' in page) return layQrPage(page, sources.qrOf(page.qr), panel)
  const holdMs = fieldsHoldMs(page.text)
  return holdMs === undefined
    ? { ...layTextPage(page, panel), text: '' }
    : layLivePage(page, panel, holdMs, sources)
}

/** The pages of a sign that nobody has, to take turns. They count as no page: their `text` is empty, as of a cleared sign. */
export const layIdlePages = (
  pages: readonly IdlePage[],
  panel: PagePanel,
  sources: IdleSources,
): readonly LaidPage[] => pages.map((page) => layIdlePage(page, panel, sources))
