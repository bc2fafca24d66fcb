import { KERNEL_OPTIONS, OWN_TIME } from './emulator.ts'

export type RaspberryPiOptions = {
  readonly kernel: string
  readonly initrd: string
  /** The description of a Raspberry Pi 3 B that came with the kernel. */
  readonly deviceTree: string
  /** The image of its card; its size is a power of two. */
  readonly card: string
  /** Value of `-chardev` without its id, for the one serial port that its kernel leaves free. */
  readonly console: string
  readonly kernelOptions?: string
  readonly extra?: readonly string[]
}

/**
 * Arguments of qemu for a Raspberry Pi 3 B, whose GPU does nothing: qemu loads the kernel itself. The first serial port
 * belongs to Bluetooth in its description, the second is the console. No network, no clock chip.
 */
export const raspberryPi3 = (options: RaspberryPiOptions): readonly string[] => {
  const { kernel, initrd, deviceTree, card, console, kernelOptions = '', extra = [] } = options
  // biome-ignore format: one option and its value a group
  return [
    '-M', 'raspi3b', ...OWN_TIME, '-nodefaults', '-display', 'none', '-no-reboot',
    '-kernel', kernel, '-initrd', initrd, '-dtb', deviceTree,
    '-append', `console=ttyS1,115200 ${KERNEL_OPTIONS} ${kernelOptions}`,
    '-drive', `if=sd,format=raw,file=${card}`,
    '-serial', 'null', '-chardev', `${console},id=console`, '-serial', 'chardev:console',
    ...extra,
  ]
}
