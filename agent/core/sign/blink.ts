import type { LaidPage } from './page.ts'
import { darkRaster } from './raster.ts'

/** Lit much longer than dark, and far below the three flashes a second that can harm. */
const LIT_MS = 1200
const DARK_MS = 300
const PERIOD_MS = LIT_MS + DARK_MS

/** The page, going dark for a moment again and again; it begins lit. */
export const blinking = (page: LaidPage): LaidPage => ({
  ...page,
  steps: (elapsedMs, turn) => {
    const { index, nextMs } = page.steps(elapsedMs, turn)
    const phase = elapsedMs % PERIOD_MS
    const dark = phase >= LIT_MS
    const changesIn = (dark ? PERIOD_MS : LIT_MS) - phase
    return { index: index * 2 + (dark ? 1 : 0), nextMs: Math.min(nextMs, changesIn) }
  },
  draw: (index) => {
    const lit = page.draw(Math.floor(index / 2))
    return index % 2 === 0 ? lit : darkRaster(lit)
  },
})
