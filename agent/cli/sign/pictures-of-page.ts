import type { LaidPage } from '../../core/sign/page.ts'
import type { Raster } from '../../core/sign/raster.ts'

/** More do not help to judge a page. */
const MOST = 6
/** A page that never rests is looked at so often. */
const MOST_LOOKS = 2000

/** The pictures that a page shows, in their order: all of them, or a few spread over a text that scrolls. */
export const picturesOf = (page: LaidPage): readonly Raster[] => {
  const indexes = new Set<number>()
  let at = 0
  for (let look = 0; look < MOST_LOOKS && at < page.durationMs; look += 1) {
    const { index, nextMs } = page.steps(at, 0)
    indexes.add(index)
    at += nextMs
  }
  const all = [...indexes]
  const step = Math.max(1, (all.length - 1) / (MOST - 1))
  const chosen =
    all.length <= MOST ? all : Array.from({ length: MOST }, (_, i) => all[Math.round(i * step)] ?? 0)
  return chosen.map((index) => page.draw(index))
}
