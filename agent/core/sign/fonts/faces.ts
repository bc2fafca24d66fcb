import { createFace, type Face } from '../face.ts'
import { type CompiledFont, createFont, type Font } from '../font.ts'
import type { Panel } from '../raster.ts'
import { FIXED_5X7 } from './generated/fixed-5x7.ts'
import { FIXED_7X13 } from './generated/fixed-7x13.ts'
import { FIXED_9X15 } from './generated/fixed-9x15.ts'
import { FIXED_10X20 } from './generated/fixed-10x20.ts'
import { NOTO_24 } from './generated/noto-24.ts'
import { UNIFONT } from './generated/unifont.ts'

const opened = new Map<CompiledFont, Font>()

/** Unpacked when a panel first needs it: most boards have one size of sign. */
const fontOf = (compiled: CompiledFont): Font => {
  const held = opened.get(compiled) ?? createFont(compiled)
  opened.set(compiled, held)
  return held
}

const faceOf = (compiled: CompiledFont, scale = 1): Face =>
  createFace(fontOf(compiled), { scale, fallback: () => fontOf(UNIFONT) })

/** The faces of readable size by the rows they need, smallest first: in each no two Vietnamese letters look alike. */
const READABLE = [
  { rows: 15, compiled: FIXED_9X15, scale: 1 },
  { rows: 20, compiled: FIXED_10X20, scale: 1 },
  { rows: 31, compiled: NOTO_24, scale: 1 },
  { rows: 40, compiled: FIXED_10X20, scale: 2 },
] as const
const NOTO_ROWS = 31
const SMALLEST_READABLE_ROWS = 15
/** Below it a letter with two marks does not fit, or two of them look alike. */
const SMALLEST_MARKED_ROWS = 13

/** What is left to a panel under 15 rows. */
const smallFace = (rows: number): Face =>
  rows >= SMALLEST_MARKED_ROWS ? faceOf(FIXED_7X13) : createFace(fontOf(FIXED_5X7), { plain: true })

/**
 * The faces for a panel, smallest first: those of readable size that fit into its rows, larger ones doubled, tripled and so on.
 * A panel of 13 or 14 rows has one that is smaller, and one of fewer rows letters without marks.
 */
export const facesFor = ({ height }: Panel): readonly [Face, ...Face[]] => {
  if (height < SMALLEST_READABLE_ROWS) return [smallFace(height)]
  const enlarged = Array.from({ length: Math.max(0, Math.floor(height / NOTO_ROWS) - 1) }, (_, i) => ({
    rows: NOTO_ROWS * (i + 2),
    compiled: NOTO_24,
    scale: i + 2,
  }))
  const [smallest, ...larger] = [...READABLE, ...enlarged]
    .filter(({ rows }) => rows <= height)
    .map(({ compiled, scale }) => faceOf(compiled, scale))
  return [smallest ?? faceOf(FIXED_9X15), ...larger]
}
