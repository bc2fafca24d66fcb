import type { ChipFact, LineFact, LineSurvey } from '../../../agent/core/board/lines.ts'
import { messageOf } from '../../../agent/core/error.ts'
import { type Chip, openByName } from './chip.ts'
import type { GpioKernel } from './kernel.ts'
import { decodeLineInfo, encodeLineInfo, IOCTL } from './uapi.ts'

const UNKNOWN: LineFact = { name: '', consumer: '', used: false }

const lineOf = (kernel: GpioKernel, fd: number, line: number): LineFact => {
  const info = encodeLineInfo(line)
  return kernel.ioctl(fd, IOCTL.lineInfo, info) < 0 ? UNKNOWN : decodeLineInfo(info)
}

const factsOf = (kernel: GpioKernel, { fd, name, label, lines }: Chip): ChipFact => ({
  name,
  label,
  lines: Array.from({ length: lines }, (_, line) => lineOf(kernel, fd, line)),
})

/** Looks at every line of every chip and takes none of them, so also while others hold them. */
export const surveyLines = (kernel: GpioKernel): LineSurvey => {
  const chips: ChipFact[] = []
  const unread: { readonly chip: string; readonly reason: string }[] = []
  for (const chip of kernel.chipNames()) {
    try {
      const opened = openByName(kernel, chip)
      chips.push(factsOf(kernel, opened))
      kernel.close(opened.fd)
    } catch (thrown) {
      unread.push({ chip, reason: messageOf(thrown) })
    }
  }
  return { chips, unread }
}
