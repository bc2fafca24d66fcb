import type { Reading } from '../../core/sensor/reading.ts'
import type { SensorFiles } from './files.ts'
import { asReading, nonsense } from './numbers.ts'

const KIB_PER_MIB = 1024

/** The number that stands behind a name; undefined when there is no such file. @throws IO when the file does not say it */
const field = async (files: SensorFiles, path: string, pattern: RegExp): Promise<number | undefined> => {
  const text = await files.text(path)
  if (text === undefined) return undefined
  const [, found] = pattern.exec(text) ?? []
  if (found === undefined) throw nonsense(path, text)
  return Number(found)
}

/** @see proc_meminfo(5) */
export const readMemory = async (files: SensorFiles): Promise<Reading> => {
  const kib = await field(files, '/proc/meminfo', /^MemAvailable:\s*(\d+) kB$/m)
  return asReading(kib === undefined ? undefined : kib / KIB_PER_MIB)
}

/** Kernels may be built without it. @see Linux Documentation/accounting/psi.rst */
export const readStalled = async (files: SensorFiles): Promise<Reading> =>
  asReading(await field(files, '/proc/pressure/memory', /^full .*\bavg60=(\d+(?:\.\d+)?)/m))

/** `0-3` or `0,2-3`. */
const countOf = (online: string): number =>
  online
    .split(',')
    .map((range) => range.split('-').map(Number))
    .reduce((sum, [from = 0, to = from]) => sum + (to - from + 1), 0)

/** @see proc_loadavg(5) */
export const readLoad = async (files: SensorFiles): Promise<Reading> => {
  const load = await field(files, '/proc/loadavg', /^\S+ (\d+(?:\.\d+)?) /)
  const count = countOf((await files.name('/sys/devices/system/cpu/online')) ?? '0')
  return asReading(load === undefined ? undefined : load / (count > 0 ? count : 1))
}
