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

export const isDark = ({ rgb }: Raster): boolean => rgb.every((value) => value === 0)
