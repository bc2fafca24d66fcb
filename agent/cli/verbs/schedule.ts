import { askAgent } from '../../adapters/control/client.ts'
import type { PlannedItem, ScheduleReport } from '../../core/status.ts'
import { atMostWords, type Call, numberOption, print, printJson, type Verb } from '../call.ts'
import { controlSocket } from '../socket.ts'
import { type Cell, type Column, table } from '../text/table.ts'
import { clockSpan, type LocalTime, localTime } from '../text/time.ts'

const noteOf = ({ say }: Call, item: PlannedItem): Cell => {
  if (item.refused !== undefined) return { text: say.schedule.refused(item.refused), tone: 'bad' }
  const conflict = item.conflictWith === undefined ? [] : [say.schedule.conflict(item.conflictWith)]
  const unarmed = item.armed ? [] : [say.schedule.notArmed(item.reason ?? '').replace(/: $/, '')]
  const notes = [...unarmed, ...conflict]
  return notes.length === 0
    ? { text: say.schedule.ready, tone: 'good' }
    : { text: notes.join(', '), tone: 'warn' }
}

const columnsOf = ({ say }: Call): readonly Column[] => [
  { title: say.schedule.time },
  { title: say.schedule.length, right: true },
  { title: say.schedule.class },
  { title: say.schedule.tier },
  { title: say.schedule.item, shrinkTo: 12 },
  { title: say.schedule.note, shrinkTo: 30 },
]

const rowOf = (call: Call, item: PlannedItem, { time }: LocalTime): readonly Cell[] => [
  time,
  item.seconds === undefined ? '' : clockSpan(item.seconds),
  item.class === 'emergency'
    ? { text: call.say.classes[item.class], tone: 'bad' }
    : call.say.classes[item.class],
  call.say.tiers[item.tier],
  item.title === undefined ? item.item : `${item.title} (${item.item})`,
  noteOf(call, item),
]

/** Under each day its own table, so that a day can be read as a whole. */
const dayLines = (call: Call, report: ScheduleReport): readonly string[] => {
  const days = new Map<string, { readonly weekday: number; readonly rows: (readonly Cell[])[] }>()
  for (const item of report.items) {
    const at = localTime(item.planned, report.timezone)
    const day = days.get(at.date) ?? { weekday: at.weekday, rows: [] }
    day.rows.push(rowOf(call, item, at))
    days.set(at.date, day)
  }
  return [...days].flatMap(([date, { weekday, rows }], index) => [
    ...(index === 0 ? [] : ['']),
    call.paint('strong', `${call.say.weekdays[weekday] ?? ''} ${date}`.trim()),
    ...table(columnsOf(call), rows, call.columns, call.paint),
  ])
}

const emptyLine = ({ say }: Call, { from, until, timezone }: ScheduleReport): string => {
  const shown = (iso: string): string => {
    const { date, time } = localTime(iso, timezone)
    return `${date} ${time}`
  }
  return say.schedule.empty(shown(from), shown(until))
}

/** `loa schedule [--days N]`. */
export const schedule: Verb = async (call) => {
  atMostWords(call, 0)
  const days = numberOption(call, 'days', { min: 1, max: 35, whole: true })
  const report = await askAgent(await controlSocket(call), 'schedule', days === undefined ? {} : { days })
  if (call.json) printJson(call, report)
  else print(call, report.items.length === 0 ? [emptyLine(call, report)] : dayLines(call, report))
  return 0
}
