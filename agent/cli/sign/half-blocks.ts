import type { Raster } from '../../core/sign/raster.ts'
import { shrink } from '../../core/sign/shrink.ts'

const lit = (raster: Raster, x: number, y: number): readonly [number, number, number] | undefined => {
  if (y >= raster.height) return undefined
  const at = (y * raster.width + x) * 3
  const [red = 0, green = 0, blue = 0] = raster.rgb.subarray(at, at + 3)
  return red + green + blue === 0 ? undefined : [red, green, blue]
}

const colored = (ground: 38 | 48, color: readonly [number, number, number] | undefined): string =>
  color === undefined ? '' : `\u001b[${ground};2;${color.join(';')}m`

/** Two LEDs of a column as one character. */
const block = (raster: Raster, x: number, y: number, colour: boolean): string => {
  const [upper, lower] = [lit(raster, x, y), lit(raster, x, y + 1)]
  if (upper === undefined && lower === undefined) return ' '
  if (!colour) return upper === undefined ? '▄' : lower === undefined ? '▀' : '█'
  if (upper === undefined) return `${colored(38, lower)}▄\u001b[0m`
  return `${colored(38, upper)}${colored(48, lower)}▀\u001b[0m`
}

/** A panel as it is, two rows of LEDs a line. */
export const dotLines = (raster: Raster, colour: boolean): readonly string[] =>
  Array.from({ length: Math.ceil(raster.height / 2) }, (_, i) => {
    const dots = Array.from({ length: raster.width }, (_dot, x) => block(raster, x, i * 2, colour))
    return `│${dots.join('')}│`
  })

/** A panel in a frame, two rows of LEDs a line, at most `columns` wide. */
export const halfBlocks = (panel: Raster, columns: number, colour: boolean): readonly string[] => {
  const raster = shrink(panel, columns - 2, Number.POSITIVE_INFINITY)
  const edge = '─'.repeat(raster.width)
  return [`┌${edge}┐`, ...dotLines(raster, colour), `└${edge}┘`]
}
