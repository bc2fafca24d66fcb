import { createFont, type Font } from '../font.ts'
import type { Panel } from '../raster.ts'
import { FIXED_9X15 } from './generated/fixed-9x15.ts'

let fixed9x15: Font | undefined

/** The face for a panel of so many rows: the largest in which every Vietnamese letter stays distinct. */
export const fontFor = (_panel: Panel): Font => {
  fixed9x15 ??= createFont(FIXED_9X15)
  return fixed9x15
}
