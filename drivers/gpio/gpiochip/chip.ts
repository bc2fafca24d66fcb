import { LoaError, messageOf } from '../../../agent/core/error.ts'
import { describeErrno } from '../../native/errno.ts'
import type { GpioKernel } from './kernel.ts'
import { type ChipInfo, decodeChipInfo, IOCTL, SIZE } from './uapi.ts'

export type Chip = ChipInfo & { readonly fd: number }

const fault = (message: string, cause?: unknown): LoaError => new LoaError('AMPLIFIER', message, { cause })

export const openByName = (kernel: GpioKernel, name: string): Chip => {
  const path = `/dev/${name}`
  let fd: number
  try {
    fd = kernel.open(path)
  } catch (cause) {
    throw fault(`GPIO chip ${name} cannot be opened: ${messageOf(cause)}`, cause)
  }
  const info = Buffer.alloc(SIZE.chipInfo)
  const answer = kernel.ioctl(fd, IOCTL.chipInfo, info)
  if (answer < 0) {
    kernel.close(fd)
    throw fault(`${path} is not a GPIO chip: ${describeErrno(answer)}`)
  }
  return { ...decodeChipInfo(info), fd }
}

/** An unreadable chip is no reason to miss the one that is looked for; the last fault is told if none matches. */
const openAll = (kernel: GpioKernel): { readonly chips: readonly Chip[]; readonly fault?: unknown } => {
  const chips: Chip[] = []
  let lastFault: unknown
  for (const name of kernel.chipNames()) {
    try {
      chips.push(openByName(kernel, name))
    } catch (thrown) {
      lastFault = thrown
    }
  }
  return { chips, fault: lastFault }
}

const openByLabel = (kernel: GpioKernel, label: string): Chip => {
  const all = openAll(kernel)
  const matches = all.chips.filter((chip) => chip.label === label)
  // Raspberry Pi OS keeps /dev/gpiochip4 as a link to gpiochip0 on a Pi 5: one chip, found twice.
  const names = new Set(matches.map((chip) => chip.name))
  const [found] = names.size === 1 ? matches : []
  for (const chip of all.chips) if (chip !== found) kernel.close(chip.fd)
  if (found !== undefined) return found
  if (names.size > 1) throw fault(`GPIO chip label ${label} is not unique: ${[...names].join(', ')}`)
  const seen = all.chips.map((chip) => `${chip.name} [${chip.label}]`).join(', ')
  throw fault(`no GPIO chip is called ${label}; this machine has ${seen || 'none'}`, all.fault)
}

/**
 * The chip with this name (`gpiochip0`) or label (`pinctrl-bcm2711`). Labels are the better choice:
 * numbers moved between kernels (a Pi 5 went from gpiochip4 to gpiochip0).
 * @throws AMPLIFIER when there is none, or several carry the label
 */
export const openChip = (kernel: GpioKernel, nameOrLabel: string): Chip =>
  kernel.chipNames().includes(nameOrLabel)
    ? openByName(kernel, nameOrLabel)
    : openByLabel(kernel, nameOrLabel)
