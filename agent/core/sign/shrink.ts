import type { Raster } from './raster.ts'

/** The panel shrunk by a whole number, so that it fits; a dot is as the first of its LEDs that is lit. One that fits is given back. */
export const shrink = (panel: Raster, columns: number, rows: number): Raster => {
  const by = Math.max(1, Math.ceil(panel.width / columns), Math.ceil(panel.height / rows))
  if (by === 1) return panel
  const [width, height] = [Math.ceil(panel.width / by), Math.ceil(panel.height / by)]
  const rgb = new Uint8Array(width * height * 3)
  for (let from = 0; from < panel.rgb.length; from += 3) {
    // Most of a panel is dark; the agent, which has no optimising compiler, does this twice a second.
    if (panel.rgb[from] === 0 && panel.rgb[from + 1] === 0 && panel.rgb[from + 2] === 0) continue
    const led = from / 3
    const [x, y] = [led % panel.width, Math.floor(led / panel.width)]
    const to = (Math.floor(y / by) * width + Math.floor(x / by)) * 3
    if (rgb[to] === 0 && rgb[to + 1] === 0 && rgb[to + 2] === 0)
      rgb.set(panel.rgb.subarray(from, from + 3), to)
  }
  return { width, height, rgb }
}
