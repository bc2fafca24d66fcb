/** How the firmware of a Raspberry Pi leaves a pin; undefined where config.txt says nothing of it. */
export type PowerOnLevel = 'high' | 'low' | 'input' | undefined

const includes = (list: string, line: number): boolean =>
  list.split(',').some((range) => {
    const [first = '', last = first] = range.split('-')
    return Number(first) <= line && line <= Number(last)
  })

const levelOf = (options: readonly string[]): PowerOnLevel => {
  if (options.includes('ip')) return 'input'
  if (!options.includes('op')) return undefined
  if (options.includes('dh')) return 'high'
  return options.includes('dl') ? 'low' : undefined
}

/**
 * What the `gpio=` lines of config.txt do to a line; the last one counts. Conditional sections such as `[pi4]` are read as if they held.
 * @see https://www.raspberrypi.com/documentation/computers/config_txt.html#gpio
 */
export const powerOnLevel = (configTxt: string, line: number): PowerOnLevel => {
  const levels = [...configTxt.matchAll(/^\s*gpio=([\d,-]+)=([a-z0-9,]+)\s*(?:#.*)?$/gm)]
    .filter(([, list = '']) => includes(list, line))
    .map(([, , options = '']) => levelOf(options.split(',')))
  return levels.findLast((level) => level !== undefined)
}
