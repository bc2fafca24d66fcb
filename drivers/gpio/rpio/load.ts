import { readFileSync } from 'node:fs'
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
    const advice = 'run `npm rebuild rpio --ignore-scripts=false` with the Node that runs the agent'
    throw new LoaError(
      'UNSUPPORTED',
      `rpio is not installed or not built (${advice}), or use driver gpiochip: ${messageOf(cause).split('\n')[0]}`,
      { cause },
    )
  }
}
