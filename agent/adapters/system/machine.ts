import { statfsSync } from 'node:fs'
import type { Machine } from '../../ports/machine.ts'
import { createSystemFiles, type SystemFiles } from './files.ts'
import { readResidentMb } from './resident.ts'

const BYTES_PER_MIB = 1_048_576
const UNKNOWN = 'unknown'

const readModel = (files: SystemFiles): string => {
  const dmi = ['sys_vendor', 'product_name']
    .map((name) => files.text(`/sys/class/dmi/id/${name}`))
    .filter((text) => text !== undefined)
  return files.text('/proc/device-tree/model') ?? (dmi.length > 0 ? dmi.join(' ') : UNKNOWN)
}

const readSerial = (files: SystemFiles): string =>
  files.text('/proc/device-tree/serial-number') ??
  files.text('/sys/class/dmi/id/product_serial') ??
  /^Serial\s*:\s*(\S+)/m.exec(files.text('/proc/cpuinfo') ?? '')?.[1] ??
  UNKNOWN

const readOs = (files: SystemFiles): string => {
  const release = files.text('/etc/os-release') ?? files.text('/usr/lib/os-release') ?? ''
  return /^PRETTY_NAME=(["']?)(.*)\1$/m.exec(release)?.[2] ?? UNKNOWN
}

const diskMb = (path: string, of: 'bavail' | 'blocks'): number => {
  try {
    const disk = statfsSync(path)
    return (disk[of] * disk.bsize) / BYTES_PER_MIB
  } catch {
    return 0
  }
}

/**
 * This machine, read from /proc, /sys and /etc; what a board lacks is `unknown`, undefined or 0.
 * `statePath` lies on the disk whose free space counts; `root` stands for `/`.
 */
export const createMachine = (statePath: string, root = '/'): Machine => {
  const files = createSystemFiles(root)
  return {
    machineId: files.text('/etc/machine-id') ?? UNKNOWN,
    kernelBootId: files.text('/proc/sys/kernel/random/boot_id') ?? UNKNOWN,
    model: readModel(files),
    serial: readSerial(files),
    os: readOs(files),
    residentMb: () => readResidentMb(files, process.pid),
    freeDiskMb: () => diskMb(statePath, 'bavail'),
    diskMb: () => diskMb(statePath, 'blocks'),
  }
}
