import { KERNEL_OPTIONS, OWN_TIME } from './emulator.ts'
import type { Kernel } from './kernel.ts'

export type VirtOptions = {
  readonly kernel: Kernel['image']
  /** A file. */
  readonly initrd: string
  /** Values of `-blockdev`, in the order of /dev/vda, vdb …; each with `node-name` `disk0`, `disk1` … */
  readonly disks: readonly string[]
  /** What the board says goes there. */
  readonly console: string
  /** Further options of the kernel; `NAME=VALUE` that it does not know comes to the board's first program. */
  readonly kernelOptions?: string
  /** Further arguments of qemu. */
  readonly extra?: readonly string[]
}

const MEMORY_MIB = 768

export const readOnlyDisk = (number: number, file: string): string =>
  `driver=raw,node-name=disk${number},read-only=on,file.driver=file,file.filename=${file},file.read-only=on,file.locking=off`

/** Arguments of qemu for a board that exists nowhere else, with one Cortex-A53; this machine is 10.0.2.2 to it. */
export const virtMachine = ({
  kernel,
  initrd,
  disks,
  console,
  kernelOptions = '',
  extra = [],
}: VirtOptions): readonly string[] =>
  // biome-ignore format: one option and its value a group
  [
    '-M', 'virt', '-cpu', 'cortex-a53', ...OWN_TIME, '-m', String(MEMORY_MIB),
    '-nodefaults', '-display', 'none', '-no-reboot', '-rtc', 'base=utc',
    '-kernel', kernel, '-initrd', initrd, '-append', `console=ttyAMA0 ${KERNEL_OPTIONS} ${kernelOptions}`,
    '-serial', `file:${console}`,
    ...disks.flatMap((disk, i) => ['-blockdev', disk, '-device', `virtio-blk-pci,drive=disk${i}`]),
    '-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile=',
    '-device', 'virtio-rng-pci',
    ...extra,
  ]
