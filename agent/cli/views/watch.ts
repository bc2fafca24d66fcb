import { followAgent } from '../../adapters/control/client.ts'
import { LoaError } from '../../core/error.ts'
import type { StatusReport } from '../../core/status.ts'
import type { Call } from '../call.ts'
import { localTime } from '../text/time.ts'
import { clip, displayWidth, plain } from '../text/width.ts'
import { openScreen } from './screen.ts'
import { statusLines } from './status-lines.ts'

/** Lines that are there besides the ones below "next" and "refused". */
const OTHER_LINES = 19

const bar = (report: StatusReport, columns: number): string | undefined => {
  const { playing } = report
  if (playing?.durationSeconds === undefined || playing.durationSeconds <= 0) return undefined
  const width = columns - 2
  const done = Math.min(1, Math.max(0, playing.positionSeconds / playing.durationSeconds))
  const filled = Math.round(done * width)
  return `[${'='.repeat(filled)}${' '.repeat(width - filled)}]`
}

const frame = (given: Call, report: StatusReport): readonly string[] => {
  const { columns, rows } = given.io.size()
  const call = { ...given, columns: Math.min(120, columns) }
  const { date, time } = localTime(report.at, report.timezone)
  const hint = call.say.status.watchHint
  const clock = `${date} ${time}`
  const gap = ' '.repeat(Math.max(1, call.columns - displayWidth(clock) - displayWidth(hint)))
  const room = Math.max(1, rows - OTHER_LINES - report.problems.length)
  const progress = bar(report, call.columns)
  return [
    call.paint('dim', clip(`${clock}${gap}${hint}`, call.columns)),
    ...(progress === undefined ? [] : [call.paint('good', progress)]),
    ...statusLines(call, report, {
      next: Math.min(10, room),
      rejected: Math.max(1, room - report.next.length),
      wrapped: false,
    }),
  ]
}

/** `status --watch` on a terminal: the screen of `status`, drawn anew with each report until q, Ctrl-C or the end of the agent. */
export const watchStatus = async (call: Call, socket: string): Promise<void> => {
  const quit = new AbortController()
  const signal = AbortSignal.any([quit.signal, call.io.signal])
  const reports = followAgent(socket, 'status', {}, { signal })
  // The first answer comes before the screen changes, so that a fault is told on the normal one.
  const first = await reports.next()
  if (first.done === true) return
  {
    using screen = openScreen(call.io)
    using _keys = call.io.keys((key) => {
      if (key === 'q' || key === 'Q' || key === '\u0003') quit.abort()
    })
    screen.draw(frame(call, first.value))
    for await (const report of reports) screen.draw(frame(call, report))
  }
  if (!signal.aborted) throw new LoaError('NOT_RUNNING', plain(call.say.status.lost), { path: socket })
}
