import { colorOf, type Rgb } from './color.ts'
import type { PagePanel } from './look.ts'
import { leftIn, topIn } from './look.ts'
import { type LaidPage, pageMs, standing } from './page.ts'
import { darkRaster, type Raster } from './raster.ts'

/** A QR code as squares, row by row from the top left, without the light edge around it. */
export type QrCode = { readonly size: number; readonly dark: readonly boolean[] }

const WHITE: Rgb = [255, 255, 255]
/** Width of the lit edge in squares: 4 by the standard, and what cameras still read when there is no room. */
const EDGES = [4, 3, 2] as const

/** The largest squares that fit, and with them the widest edge. */
const measure = ({ size }: QrCode, panel: PagePanel): { readonly scale: number; readonly edge: number } => {
  const room = Math.min(panel.width, panel.height)
  const choices = EDGES.map((edge) => ({ edge, scale: Math.floor(room / (size + 2 * edge)) }))
  const best = Math.max(...choices.map(({ scale }) => scale))
  return choices.find(({ scale }) => scale === best) ?? { edge: 2, scale: 0 }
}

const draw = (code: QrCode, panel: PagePanel, color: Rgb): Raster => {
  const raster = darkRaster(panel)
  const { scale, edge } = measure(code, panel)
  const side = (code.size + 2 * edge) * scale
  const [left, top] = [leftIn(panel, side), topIn(panel, side)]
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const [column, row] = [Math.floor(x / scale) - edge, Math.floor(y / scale) - edge]
      const inside = column >= 0 && row >= 0 && column < code.size && row < code.size
      if (inside && code.dark[row * code.size + column] === true) continue
      raster.rgb.set(color, ((top + y) * panel.width + left + x) * 3)
    }
  }
  return raster
}

/** A page with a QR code: its light squares lit. On a panel without the rows for it there is nothing, with a fault. */
export const layQrPage = (
  page: { readonly seconds: number; readonly color?: string },
  code: QrCode,
  panel: PagePanel,
): LaidPage => {
  const fits = measure(code, panel).scale > 0
  const color = (page.color === undefined ? undefined : colorOf(page.color)) ?? WHITE
  const raster = fits ? draw(code, panel, color) : darkRaster(panel)
  return { ...standing(raster, pageMs(page)), faults: fits ? [] : [{ kind: 'too-small' }] }
}
