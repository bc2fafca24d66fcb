import type { Rgb } from './color.ts'
import { facesFor } from './fonts/faces.ts'
import { setLine } from './line.ts'
import type { Picture } from './picture.ts'
import { darkRaster, drawLine, type Panel, type Raster } from './raster.ts'

const RED: Rgb = [255, 0, 0]
const GREEN: Rgb = [0, 255, 0]
const BLUE: Rgb = [0, 0, 255]
const WHITE: Rgb = [255, 255, 255]
const BARS: readonly Rgb[] = [
  RED,
  [255, 255, 0],
  GREEN,
  [0, 255, 255],
  BLUE,
  [255, 0, 255],
  WHITE,
  [255, 191, 0],
]
/** Letters with marks above and below, and one that is told from another by its stroke. */
const LETTERS = ['Ậ Ể Ỗ Ừ đ Đ 0O 1Il', 'Ậ Ể Ỗ đ', 'Ậ đ', 'Ậ']

const fill = (raster: Raster, left: number, top: number, width: number, height: number, color: Rgb): void => {
  for (let y = Math.max(0, top); y < Math.min(raster.height, top + height); y += 1)
    for (let x = Math.max(0, left); x < Math.min(raster.width, left + width); x += 1)
      raster.rgb.set(color, (y * raster.width + x) * 3)
}

/**
 * What a technician looks for on a new sign: a corner of each colour (red top left, green top right, blue bottom left, white
 * bottom right) shows a panel that is turned, mirrored or shifted; bars in the bottom rows show swapped colours; letters with
 * marks show lost rows.
 */
export const testPattern = (panel: Panel): Raster => {
  const raster = darkRaster(panel)
  const { width, height } = panel
  const corner = Math.max(1, Math.floor(Math.min(width, height) / 8))
  const [face] = facesFor(panel)
  const line = LETTERS.map((text) => setLine(face, text)).find((set) => set.width <= width - 2 * corner)
  if (line !== undefined) drawLine(raster, line, Math.floor((width - line.width) / 2), 0, WHITE)
  const barTop = Math.max(line?.height ?? 0, height - corner)
  BARS.forEach((color, i) => {
    const from = Math.floor((i * width) / BARS.length)
    fill(raster, from, barTop, Math.floor(((i + 1) * width) / BARS.length) - from, height - barTop, color)
  })
  fill(raster, 0, 0, corner, corner, RED)
  fill(raster, width - corner, 0, corner, corner, GREEN)
  fill(raster, 0, height - corner, corner, corner, BLUE)
  fill(raster, width - corner, height - corner, corner, corner, WHITE)
  return raster
}

export const testPicture = (panel: Panel): Picture => {
  const { width, height, rgb } = testPattern(panel)
  return { width, height, frames: [{ rgb, ms: 1000 }] }
}
