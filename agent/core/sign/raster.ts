import type { Rgb } from './color.ts'
import type { Glyph } from './font.ts'
import type { Cell, Line } from './line.ts'

export type Panel = { readonly width: number; readonly height: number }
/** RGB888, row by row from the top left. The core's own name for what the signboard port takes as a frame. */
export type Raster = { readonly width: number; readonly height: number; readonly rgb: Uint8Array }

/** A dark panel. */
export const darkRaster = (panel: Panel): Raster => ({
  width: panel.width,
  height: panel.height,
  rgb: new Uint8Array(panel.width * panel.height * 3),
})

/** Draws a line with its top left corner at (`left`, `top`); what falls outside of the panel is left out. */
export const drawLine = (raster: Raster, line: Line, left: number, top: number, color: Rgb): void => {
  for (let i = firstVisible(line.cells, -left); i < line.cells.length; i += 1) {
    const cell = line.cells[i]
    if (cell === undefined || left + cell.x >= raster.width) break
    for (const glyph of cell.glyphs) drawGlyph(raster, glyph, left + cell.x, top, color)
  }
}

/** Index of the first cell that ends right of column `x`: a long text is drawn at the cost of what is seen of it. */
const firstVisible = (cells: readonly Cell[], x: number): number => {
  let [low, high] = [0, cells.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const cell = cells[middle]
    if (cell !== undefined && cell.x + cell.width <= x) low = middle + 1
    else high = middle
  }
  return low
}

const drawGlyph = (raster: Raster, glyph: Glyph, left: number, top: number, color: Rgb): void => {
  for (let row = 0; row < glyph.rows.length; row += 1) {
    const y = top + row
    const bits = glyph.rows[row] ?? 0
    if (bits !== 0 && y >= 0 && y < raster.height) drawRow(raster, bits, glyph.width, left, y, color)
  }
}

const drawRow = (raster: Raster, bits: number, width: number, left: number, y: number, color: Rgb): void => {
  for (let column = Math.max(0, -left); column < width && left + column < raster.width; column += 1) {
    if ((bits >>> (width - 1 - column)) & 1) raster.rgb.set(color, (y * raster.width + left + column) * 3)
  }
}
