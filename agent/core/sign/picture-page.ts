import { AMBER } from './color.ts'
import { bayer, floydSteinberg, isPhotograph, threshold } from './dither.ts'
import { lookOf, type PagePanel, type SignLook } from './look.ts'
import { type LaidPage, standing } from './page.ts'
import type { Picture } from './picture.ts'
import type { Raster } from './raster.ts'
import type { Steps } from './step.ts'

const FULL = 255

const tableOf = (gamma: number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, value) => FULL * (value / FULL) ** gamma)

/** Rec. 709. */
const grayOf = (rgb: Uint8Array): Float32Array =>
  Float32Array.from(
    { length: rgb.length / 3 },
    (_, i) => 0.2126 * (rgb[i * 3] ?? 0) + 0.7152 * (rgb[i * 3 + 1] ?? 0) + 0.0722 * (rgb[i * 3 + 2] ?? 0),
  )

/** LEDs of one colour: lit or dark. */
const oneColor = (picture: Picture, rgb: Uint8Array, table: Float32Array): Uint8Array => {
  const gray = grayOf(rgb)
  const light = gray.map((level) => table[Math.round(level)] ?? 0)
  const still = picture.frames.length === 1
  const photograph = isPhotograph(gray)
  const lit = still
    ? photograph
      ? floydSteinberg(picture, light)
      : threshold(picture, gray)
    : bayer(picture, light)
  const shown = new Uint8Array(rgb.length)
  lit.forEach((value, i) => {
    if (value > 0) shown.set(AMBER, i * 3)
  })
  return shown
}

const inLight = (picture: Picture, frame: Uint8Array, { color, gamma }: SignLook): Raster => {
  const table = tableOf(gamma)
  const rgb =
    color === 'mono' ? oneColor(picture, frame, table) : frame.map((value) => Math.round(table[value] ?? 0))
  return { width: picture.width, height: picture.height, rgb }
}

const roundAndRound = ({ frames }: Picture): Steps => {
  const ends: number[] = []
  for (const { ms } of frames) ends.push((ends.at(-1) ?? 0) + ms)
  const round = ends.at(-1) ?? 1
  return (elapsedMs) => {
    const at = elapsedMs % round
    const index = Math.max(
      0,
      ends.findIndex((end) => at < end),
    )
    return { index, nextMs: (ends[index] ?? round) - at }
  }
}

/** What stands for the text of a picture: so it is known from a sign that is cleared. */
export const pictureText = (sha256: string): string => `[image ${sha256.slice(0, 8)}]`

/** Lays a picture out that was made for this panel: darkened for LEDs, and in dots where they are of one colour. */
export const layPicturePage = (
  sha256: string,
  durationMs: number,
  picture: Picture,
  panel: PagePanel,
): LaidPage => {
  const rasters = picture.frames.map(({ rgb }) => inLight(picture, rgb, lookOf(panel)))
  const [first = { width: panel.width, height: panel.height, rgb: new Uint8Array() }] = rasters
  const page = { ...standing(first, durationMs), text: pictureText(sha256) }
  if (rasters.length <= 1) return page
  return { ...page, steps: roundAndRound(picture), draw: (index) => rasters[index] ?? first }
}
