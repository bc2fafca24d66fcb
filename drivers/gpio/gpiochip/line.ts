import { constants } from 'node:os'
import type { GpioLine } from '../../../agent/core/configuration.ts'
import { LoaError } from '../../../agent/core/error.ts'
import { describeErrno } from '../../native/errno.ts'
import { type Chip, openChip } from './chip.ts'
import type { GpioKernel } from './kernel.ts'
import {
  decodeEdges,
  decodeLineInfo,
  decodeValues,
  encodeLineInfo,
  encodeLineRequest,
  encodeValues,
  IOCTL,
  type LineUse,
  requestedFd,
  SIZE,
} from './uapi.ts'

const CONSUMER = 'loa-agent'
const EDGES_A_READ = 16

/** One line held for as long as this exists. Values are logical: active-low is the kernel's business. */
export type HeldLine = {
  readonly name: string
  /** @throws AMPLIFIER */
  get(): boolean
  /** @throws AMPLIFIER */
  set(active: boolean): void
  /** Of a line held for its edges: readable when there is one. */
  readonly fd: number
  /** Those that wait, oldest first; blocks when there is none. @throws AMPLIFIER */
  readEdges(): readonly boolean[]
  /** Lets go of the line. Some kernels leave it as it was, some make it an input: drive it off first. */
  close(): void
}

const whyNot = (kernel: GpioKernel, chip: Chip, line: number, answer: number): string => {
  if (answer === -constants.errno.EINVAL && line >= chip.lines) return `the chip has ${chip.lines} lines only`
  if (answer !== -constants.errno.EBUSY) return describeErrno(answer)
  const info = encodeLineInfo(line)
  const holder =
    kernel.ioctl(chip.fd, IOCTL.lineInfo, info) < 0 ? '' : decodeLineInfo(info).consumer || 'an unnamed user'
  return `it is held by ${holder === '' ? 'someone else' : holder}`
}

const request = (kernel: GpioKernel, chip: Chip, use: LineUse): number => {
  const buffer = encodeLineRequest(use, CONSUMER)
  const answer = kernel.ioctl(chip.fd, IOCTL.getLine, buffer)
  if (answer >= 0) return requestedFd(buffer)
  const reason = whyNot(kernel, chip, use.line, answer)
  throw new LoaError('AMPLIFIER', `line ${use.line} of ${chip.name} [${chip.label}]: ${reason}`)
}

/**
 * Takes a line; as `outputOff` it is driven inactive by the very call that makes it an output.
 * @throws AMPLIFIER saying which program holds it, or what is wrong with chip or number
 */
export const holdLine = (
  kernel: GpioKernel,
  { chip: nameOrLabel, line, activeLow, bias }: GpioLine,
  use: LineUse['direction'] | Pick<LineUse, 'direction' | 'debounceUs'>,
): HeldLine => {
  const chip = openChip(kernel, nameOrLabel)
  let fd: number
  try {
    fd = request(kernel, chip, {
      line,
      activeLow,
      ...(bias === undefined ? {} : { bias }),
      ...(typeof use === 'string' ? { direction: use } : use),
    })
  } finally {
    kernel.close(chip.fd)
  }
  const name = `line ${line} of ${chip.name}`
  const call = (ioctl: number, values: Buffer): Buffer => {
    const answer = kernel.ioctl(fd, ioctl, values)
    if (answer < 0) throw new LoaError('AMPLIFIER', `${name}: ${describeErrno(answer)}`)
    return values
  }
  return {
    name,
    get: () => decodeValues(call(IOCTL.getValues, encodeValues(false))),
    set: (active) => {
      call(IOCTL.setValues, encodeValues(active))
    },
    fd,
    readEdges: () => {
      const events = Buffer.alloc(EDGES_A_READ * SIZE.lineEvent)
      const answer = kernel.read(fd, events)
      if (answer < 0) throw new LoaError('AMPLIFIER', `${name}: ${describeErrno(answer)}`)
      return decodeEdges(events.subarray(0, answer))
    },
    close: () => kernel.close(fd),
  }
}
