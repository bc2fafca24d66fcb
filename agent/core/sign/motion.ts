import type { Rgb } from './color.ts'
import { type Faces, fitLine, fitPanel, panelfulsOf, setLines } from './fit.ts'
import { flipSteps } from './flip.ts'
import type { Line } from './line.ts'
import { leftIn, type PagePanel, topIn } from './look.ts'
import { darkRaster, drawLine, type Raster } from './raster.ts'
import { easyLength, LEFT_PACE, scrollSteps, UP_PACE } from './scroll.ts'
import type { Steps } from './step.ts'

/** A text laid out, with what it looks like at each step. */
export type Motion = {
  readonly lines: readonly Line[]
  readonly hurried: boolean
  readonly steps: Steps
  readonly draw: (index: number) => Raster
}

type Lay = (text: string, panel: PagePanel, faces: Faces, color: Rgb, durationMs: number) => Motion

const heightOf = (lines: readonly Line[]): number => lines.reduce((sum, line) => sum + line.height, 0)

const drawLines = (panel: PagePanel, lines: readonly Line[], from: number, color: Rgb): Raster => {
  const raster = darkRaster(panel)
  let top = from
  for (const line of lines) {
    if (top + line.height > 0 && top < panel.height)
      drawLine(raster, line, leftIn(panel, line.width), top, color)
    top += line.height
  }
  return raster
}

/** A text that stands; one that is too long, panelful by panelful. */
export const flipping: Lay = (text, panel, faces, color, durationMs) => {
  const fitted = fitPanel(text, panel, faces)
  const panelfuls = panelfulsOf(fitted, panel)
  const { steps, hurried } = flipSteps(panelfuls.length, durationMs)
  const draw = (index: number): Raster => {
    const lines = panelfuls[index] ?? []
    return drawLines(panel, lines, topIn(panel, heightOf(lines)), color)
  }
  return { lines: fitted.lines, steps, hurried, draw }
}

/** A text in one line that leaves to the left. */
export const runningLeft: Lay = (text, panel, faces, color, durationMs) => {
  const easy = easyLength(panel.width, durationMs, LEFT_PACE)
  const line = fitLine(text.replace(/\s+/gu, ' ').trim(), easy, faces)
  const { framesPerSecond, width } = panel
  const { steps, startOf, hurried } = scrollSteps(line.width, width, framesPerSecond, durationMs, LEFT_PACE)
  const draw = (index: number): Raster => {
    const raster = darkRaster(panel)
    drawLine(raster, line, startOf(index), topIn(panel, line.height), color)
    return raster
  }
  return { lines: [line], steps, hurried, draw }
}

/** A text in lines that leaves at the top; one that fits on the panel stands. */
export const runningUp: Lay = (text, panel, faces, color, durationMs) => {
  if (panelfulsOf(fitPanel(text, panel, faces), panel).length <= 1)
    return flipping(text, panel, faces, color, durationMs)
  const { lines } = setLines(text, panel, faces[0])
  const { framesPerSecond, height } = panel
  const length = heightOf(lines)
  const { steps, startOf, hurried } = scrollSteps(length, height, framesPerSecond, durationMs, UP_PACE)
  return { lines, steps, hurried, draw: (index) => drawLines(panel, lines, startOf(index), color) }
}
