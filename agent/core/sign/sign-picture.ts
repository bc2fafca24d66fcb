import type { SignProof } from './proof.ts'
import type { Raster } from './raster.ts'

/** What a sign was sent last. */
export type SignPicture = {
  readonly id: string
  /** `text`: its controller draws the letters itself, and the raster says nothing. */
  readonly takes: 'raster' | 'text'
  readonly ok: boolean
  readonly proof: SignProof
  /** The whole text of the page; empty of pictures and of a dark sign. */
  readonly text: string
  readonly raster?: Raster
}

/** Each step a whole number of dots, so that the letters stay letters. */
const stepFor = ({ width, height }: Raster, most: number, mostRows: number): number =>
  Math.max(1, Math.ceil(width / most), Math.ceil(height / mostRows))

/** At most `most` dots wide and `mostRows` high: of a large picture each n-th dot, of a small one the raster itself. */
export const thinned = (raster: Raster, most: number, mostRows: number): Raster => {
  const step = stepFor(raster, most, mostRows)
  if (step === 1) return raster
  const width = Math.ceil(raster.width / step)
  const height = Math.ceil(raster.height / step)
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const from = (y * step * raster.width + x * step) * 3
      rgb.set(raster.rgb.subarray(from, from + 3), (y * width + x) * 3)
    }
  return { width, height, rgb }
}

export const isDark = ({ rgb }: Raster): boolean => rgb.every((value) => value === 0)
