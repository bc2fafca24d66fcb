import { type DotPicture, pictureOf } from '../../core/sign/dots.ts'
import { facesFor } from '../../core/sign/fonts/faces.ts'
import { setLine } from '../../core/sign/line.ts'
import { darkRaster, drawLine, type Raster } from '../../core/sign/raster.ts'
import { prepareText } from '../../core/sign/text.ts'

/** One page of a contact sheet: what stands above it, and the pictures it shows. */
export type SheetRow = { readonly label: string; readonly pictures: readonly Raster[] }

const GAP = 8
const LABEL_ROWS = 20
const PAPER = 48
const INK = [230, 230, 230] as const

const paste = (sheet: DotPicture, picture: DotPicture, left: number, top: number): void => {
  for (let y = 0; y < picture.height; y += 1) {
    const row = picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3)
    sheet.data.set(row, ((top + y) * sheet.width + left) * 3)
  }
}

/** The label on the paper of the sheet. */
const labelOf = (label: string, width: number): DotPicture => {
  const raster = darkRaster({ width, height: LABEL_ROWS })
  const [face] = facesFor({ width, height: 15 })
  drawLine(raster, setLine(face, prepareText(label)), 0, 2, INK)
  return { width, height: LABEL_ROWS, data: raster.rgb.map((value) => Math.max(value, PAPER)) }
}

/** All pages below one another, each with its pictures side by side, as a person would see the LEDs. */
export const contactSheet = (rows: readonly SheetRow[]): DotPicture => {
  const drawn = rows.map(({ label, pictures }) => ({
    label,
    pictures: pictures.map((picture) => pictureOf(picture, 'rgb')),
  }))
  const widthOf = (pictures: readonly DotPicture[]): number =>
    pictures.reduce((sum, picture) => sum + picture.width + GAP, GAP)
  const heightOf = (pictures: readonly DotPicture[]): number =>
    Math.max(0, ...pictures.map((picture) => picture.height)) + LABEL_ROWS + GAP
  const width = Math.max(...drawn.map(({ pictures }) => widthOf(pictures)))
  const height = drawn.reduce((sum, { pictures }) => sum + heightOf(pictures), GAP)
  const sheet: DotPicture = { width, height, data: new Uint8Array(width * height * 3).fill(PAPER) }
  let top = GAP
  for (const { label, pictures } of drawn) {
    paste(sheet, labelOf(label, width - 2 * GAP), GAP, top)
    let left = GAP
    for (const picture of pictures) {
      paste(sheet, picture, left, top + LABEL_ROWS)
      left += picture.width + GAP
    }
    top += heightOf(pictures)
  }
  return sheet
}
