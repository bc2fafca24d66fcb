import { existsSync, readFileSync } from 'node:fs'
import type { Rpio } from 'rpio'
import { LoaError, messageOf } from '../../../agent/core/error.ts'

/** `Raspberry Pi 4 Model B Rev 1.4`; empty where there is no device tree. */
export const readBoardModel = (path = '/proc/device-tree/model'): string => {
  try {
    return readFileSync(path, 'utf8').replace(/\0+$/, '')
  } catch {
    return ''
  }
}

/** Whether the kernel offers the GPIO registers by themselves. Debian's own does not. */
export const hasGpiomem = (): boolean => existsSync('/dev/gpiomem')

/**
 * rpio is an optional dependency with a native part that is not built on installation.
 * @throws UNSUPPORTED with the command that builds it
 */
export const loadRpio = async (
  load: () => Promise<{ readonly default: Rpio }> = () => import('rpio'),
): Promise<Rpio> => {
  try {
    return (await load()).default
  } catch (cause) {
    const headers = `node_modules/node/node_modules/node-linux-${process.arch}`
    const advice = `npm rebuild rpio --ignore-scripts=false --nodedir=${headers}`
    throw new LoaError(
      'UNSUPPORTED',
      `rpio is not installed, or not built for this Node (run \`${advice}\`, or use driver gpiochip): ${messageOf(cause).split('\n')[0]}`,
      { cause },
    )
  }
}
