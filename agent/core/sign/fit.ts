import type { Face } from './face.ts'
import { type Line, setLine } from './line.ts'
import type { PagePanel } from './look.ts'
import { keepsWords, wrapText } from './wrap.ts'

/** The faces a panel has, smallest first. */
export type Faces = readonly [Face, ...Face[]]

export type Fitted = { readonly face: Face; readonly lines: readonly Line[] }

/** Of a face's cell, the narrowest letter: what cannot fit even so is not set at all. */
const NARROWEST = 0.4

const rowsOf = (panel: PagePanel, face: Face): number => Math.max(1, Math.floor(panel.height / face.height))

const mayFit = (text: string, pixels: number, face: Face): boolean =>
  text.length * face.cellWidth * NARROWEST <= pixels

/** Set in lines as wide as the panel. */
export const setLines = (text: string, panel: PagePanel, face: Face): Fitted => ({
  face,
  lines: wrapText(face, text, panel.width).map((line) => setLine(face, line)),
})

/** The lines in groups of as many as stand on the panel at once. */
export const panelfulsOf = ({ face, lines }: Fitted, panel: PagePanel): readonly (readonly Line[])[] => {
  const rows = rowsOf(panel, face)
  return Array.from({ length: Math.ceil(lines.length / rows) }, (_, i) =>
    lines.slice(i * rows, (i + 1) * rows),
  )
}

/** The largest face in which a whole text stands on the panel with no word cut; the smallest when there is none. */
export const fitPanel = (text: string, panel: PagePanel, faces: Faces): Fitted => {
  const [smallest, ...larger] = faces
  for (const face of larger.toReversed()) {
    const rows = rowsOf(panel, face)
    if (!mayFit(text, rows * panel.width, face) || !keepsWords(face, text, panel.width)) continue
    const fitted = setLines(text, panel, face)
    if (fitted.lines.length <= rows) return fitted
  }
  return setLines(text, panel, smallest)
}

/** The largest face in which a text in one line is at most `pixels` wide; the smallest when there is none. */
export const fitLine = (text: string, pixels: number, faces: Faces): Line => {
  const [smallest, ...larger] = faces
  for (const face of larger.toReversed()) {
    if (!mayFit(text, pixels, face)) continue
    const line = setLine(face, text)
    if (line.width <= pixels) return line
  }
  return setLine(smallest, text)
}
