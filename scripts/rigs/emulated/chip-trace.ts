/** A line of a chip went to another level, as the machine that emulates it saw it. */
export type LineChange = {
  /** Wall time of this machine, in ms. */
  readonly at: number
  readonly line: number
  readonly high: boolean
}

const SET = /^\d+@(\d+\.\d+):pl061_set_output \S+ setting output (\d+) to ([01])$/
const RESET = /^\d+@\d+\.\d+:pl061_reset (\S+) reset$/

/** What a line of qemu's log says of the outputs of a PL061; undefined when it is of something else. */
export const lineChangeIn = (text: string): LineChange | undefined => {
  const [, seconds, line, level] = SET.exec(text) ?? []
  if (seconds === undefined) return undefined
  return { at: Number(seconds) * 1000, line: Number(line), high: level === '1' }
}

/** The place of a PL061 in the machine, out of the line in which it is reset at power on. */
export const chipIn = (text: string): string | undefined => RESET.exec(text)?.[1]
