import { encode } from 'fast-png'

/** A PNG of RGB888 pixels, row by row from the top left. */
export const pngOf = (picture: {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}): Uint8Array => encode({ ...picture, channels: 3 })
