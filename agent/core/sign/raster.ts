import type { Rgb } from './color.ts'
import type { Cell, CellGlyph, Line } from './line.ts'

export type Panel = { readonly width: number; readonly height: number }
/** RGB888, row by row from the top left. The core's own name for what the signboard port takes as a frame. */
export type Raster = { readonly width: number; readonly height: number; readonly rgb: Uint8Array }

/** A dark panel. */
export const darkRaster = (panel: Panel): Raster => ({
  width: panel.width,
  height: panel.height,
  rgb: new Uint8Array(panel.width * panel.height * 3),
})

export const sameRaster = (a: Raster, b: Raster): boolean =>
  a.rgb.length === b.rgb.length && a.width === b.width && a.rgb.every((value, i) => value === b.rgb[i])

/** Draws a line with its top left corner at (`left`, `top`); what falls outside of the panel is left out. */
export const drawLine = (raster: Raster, line: Line, left: number, top: number, color: Rgb): void => {
  for (let i = firstVisible(line.cells, -left); i < line.cells.length; i += 1) {
    const cell = line.cells[i]
    if (cell === undefined || left + cell.x >= raster.width) break
    for (const glyph of cell.glyphs) drawGlyph(raster, glyph, left + cell.x + glyph.left, top, color)
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

const drawGlyph = (
  raster: Raster,
  { glyph, scale, top: offset }: CellGlyph,
  left: number,
  top: number,
  color: Rgb,
): void => {
  const { rows, width } = glyph
  const y0 = top + offset
  for (let i = 0; i < rows.length; i += 1) {
    const bits = rows[i] ?? 0
    if (bits === 0) continue
    const first = Math.max(0, y0 + i * scale)
    const end = Math.min(raster.height, y0 + (i + 1) * scale)
    for (let y = first; y < end; y += 1) drawRow(raster, bits, width, scale, left, y, color)
  }
}

const drawRow = (
  raster: Raster,
  bits: number,
  width: number,
  scale: number,
  left: number,
  y: number,
  [red, green, blue]: Rgb,
): void => {
  const { rgb } = raster
  const start = y * raster.width
  const end = Math.min(raster.width, left + width * scale)
  for (let x = Math.max(0, left); x < end; x += 1) {
    const column = scale === 1 ? x - left : Math.floor((x - left) / scale)
    if (((bits >>> (width - 1 - column)) & 1) === 0) continue
    const at = (start + x) * 3
    rgb[at] = red
    rgb[at + 1] = green
    rgb[at + 2] = blue
  }
}
