const MARK = /^\s*\S+\s+\[\d+\]\s+\S+\s+(\d+\.\d+): tracing_mark_write: struck/
const OFF = /^\s*\S+\s+\[\d+\]\s+\S+\s+(\d+\.\d+): gpio_value: \d+ set 0$/

/** Lines of shell that let the kernel of the board note each level it sets at an output, by its monotonic clock. */
export const NOTE_OUTPUTS = [
  'mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null',
  'cd /sys/kernel/tracing',
  'echo mono >trace_clock',
  "echo 'get == 0' >events/gpio/gpio_value/filter",
  'echo 1 >events/gpio/gpio_value/enable',
].join('; ')

/** Puts a mark between what is noted; nothing noted before it is kept. */
export const MARK_NOW = 'echo >/sys/kernel/tracing/trace; echo struck >/sys/kernel/tracing/trace_marker'
export const SHOW_NOTES = 'cat /sys/kernel/tracing/trace'

/** Milliseconds of the board's time from the mark until an output was set low; undefined when none was. */
export const msUntilOff = (notes: string): number | undefined => {
  let marked: number | undefined
  for (const line of notes.split('\n')) {
    const mark = MARK.exec(line)?.[1]
    if (mark !== undefined) marked = Number(mark)
    const off = OFF.exec(line)?.[1]
    if (marked !== undefined && off !== undefined) return 1000 * (Number(off) - marked)
  }
  return undefined
}
