import type { Reading } from '../../core/sensor/reading.ts'
import type { SensorFiles } from './files.ts'
import { asReading, hexOf, largest, readNumber } from './numbers.ts'

const EXT4 = '/sys/fs/ext4'
const BLOCK = '/sys/block'
const STEP_PERCENT = 10

/** Where and when the first fault was; the rest is in the journal of the kernel. */
const firstFault = async (files: SensorFiles, disk: string): Promise<string> => {
  const where = await files.text(`${EXT4}/${disk}/first_error_func`)
  const seconds = (await readNumber(files, `${EXT4}/${disk}/first_error_time`)) ?? 0
  const at = seconds > 0 && seconds < 1e10 ? ` at ${new Date(seconds * 1000).toISOString()}` : ''
  return [disk, where].filter((word) => word !== undefined && word !== '').join(' ') + at
}

/** Of all file systems together: each of them is needed. @see Linux fs/ext4/sysfs.c */
export const readErrors = async (files: SensorFiles): Promise<Reading> => {
  let sum: number | undefined
  const where: string[] = []
  for (const disk of await files.list(EXT4)) {
    const errors = await readNumber(files, `${EXT4}/${disk}/errors_count`)
    if (errors === undefined) continue
    sum = (sum ?? 0) + errors
    if (errors > 0) where.push(await firstFault(files, disk))
  }
  if (sum === undefined) return undefined
  return where.length === 0 ? { value: sum } : { value: sum, detail: where.join(', ') }
}

/** What a file of each eMMC says, in hex; SD cards have none. @see Linux Documentation/driver-api/mmc/mmc-dev-attrs.rst */
const ofCards = async (files: SensorFiles, file: string): Promise<readonly number[]> => {
  const found: number[] = []
  for (const disk of await files.list(BLOCK)) {
    if (!/^mmcblk\d+$/.test(disk)) continue
    const path = `${BLOCK}/${disk}/device/${file}`
    const words = (await files.text(path))?.split(/\s+/) ?? []
    found.push(...words.map((word) => hexOf(path, word)))
  }
  return found
}

/** Each step of a life time is a tenth, 0 is not defined, 11 is beyond it. @see JESD84-B51, 7.4 */
export const readWear = async (files: SensorFiles): Promise<Reading> => {
  const step = largest((await ofCards(files, 'life_time')).filter((each) => each > 0))
  return asReading(step === undefined ? undefined : step * STEP_PERCENT)
}

/** 1: normal, 2: four fifths are used up, 3: nine tenths; 0 is not defined. */
export const readSpare = async (files: SensorFiles): Promise<Reading> =>
  asReading(largest((await ofCards(files, 'pre_eol_info')).filter((each) => each > 0)))
