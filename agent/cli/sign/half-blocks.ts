import type { Raster } from '../../core/sign/raster.ts'

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

/** The panel shrunk by a whole number, so that it fits into so many columns; a dot is lit when one of its LEDs is. */
const shrunk = (raster: Raster, columns: number): Raster => {
  const by = Math.ceil(raster.width / columns)
  if (by <= 1) return raster
  const [width, height] = [Math.ceil(raster.width / by), Math.ceil(raster.height / by)]
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < raster.width * raster.height; i += 1) {
    const [x, y] = [Math.floor((i % raster.width) / by), Math.floor(Math.floor(i / raster.width) / by)]
    const color = lit(raster, i % raster.width, Math.floor(i / raster.width))
    if (color !== undefined) rgb.set(color, (y * width + x) * 3)
  }
  return { width, height, rgb }
}

/** A panel in a frame, two rows of LEDs a line, at most `columns` wide. */
export const halfBlocks = (panel: Raster, columns: number, colour: boolean): readonly string[] => {
  const raster = shrunk(panel, columns - 2)
  const edge = '─'.repeat(raster.width)
  const lines = Array.from({ length: Math.ceil(raster.height / 2) }, (_, i) => {
    const dots = Array.from({ length: raster.width }, (_, x) => block(raster, x, i * 2, colour))
    return `│${dots.join('')}│`
  })
  return [`┌${edge}┐`, ...lines, `└${edge}┘`]
}
