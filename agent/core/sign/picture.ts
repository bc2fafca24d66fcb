import type { Panel } from './raster.ts'

/** One picture of an animation: RGB888, row by row from the top left, `width * height * 3` bytes, and how long it stands. */
export type PictureFrame = { readonly rgb: Uint8Array; readonly ms: number }

/** A picture as large as its panel, on black. One frame stands; more of them follow one another, round and round. */
export type Picture = Panel & { readonly frames: readonly PictureFrame[] }
