import { askAgent } from '../../adapters/control/client.ts'
import type { PlannedItem, ScheduleReport } from '../../core/status.ts'
import { atMostWords, type Call, numberOption, print, printJson, type Verb } from '../call.ts'
import { controlSocket } from '../socket.ts'
import { type Cell, type Column, table } from '../text/table.ts'
import { clockSpan, localTime } from '../text/time.ts'
import { clip, displayWidth, plain, wrap } from '../text/width.ts'

/** Under an item stands what keeps it from playing, and with whom it contends. */
const NOTE_INDENT = 10
const TITLE_COLUMNS = 30

const stateOf = ({ say }: Call, { refused, armed, conflict }: PlannedItem): Cell => {
  if (refused !== undefined) return { text: say.schedule.refused, tone: 'bad' }
  if (conflict?.outcome === 'missed') return { text: say.schedule.refused, tone: 'bad' }
  return armed
    ? {
        text: say.schedule.ready,
        tone: conflict === undefined || conflict.outcome === 'first' ? 'good' : 'warn',
      }
    : { text: say.schedule.waiting, tone: 'warn' }
}

const columnsOf = ({ say }: Call): readonly Column[] => [
  { title: say.schedule.time },
  { title: say.schedule.length, right: true },
  { title: say.schedule.class },
  { title: say.schedule.area },
  { title: say.schedule.note },
  { title: say.schedule.item, shrinkTo: 12 },
]

const rowOf = (call: Call, item: PlannedItem, time: string): readonly Cell[] => {
  const { schedule, classes } = call.say
  const name = item.title === undefined ? item.item : `${item.title} (${item.item})`
  return [
    time,
    item.seconds === undefined ? '' : clockSpan(item.seconds),
    item.class === 'emergency' ? { text: classes[item.class], tone: 'bad' } : classes[item.class],
    item.document.replace(/\/schedule$/, ''),
    stateOf(call, item),
    item.signOnly === true ? `${schedule.signOnly}: ${name}` : name,
  ]
}

/** What the other is called, short enough for a line. */
const titleOf = ({ items }: ScheduleReport, id: string): string =>
  clip(plain(items.find(({ item }) => item === id)?.title ?? id), TITLE_COLUMNS)

const notesOf = (call: Call, report: ScheduleReport, item: PlannedItem): readonly string[] => {
  const { say, paint, columns } = call
  const { refused, armed, reason, conflict, former } = item
  const why = refused ?? (armed ? undefined : reason)
  const notes = [
    ...(former === undefined ? [] : [former.twin ? say.place.twin : say.place.ofFormer]),
    ...(why === undefined ? [] : [`${why} - ${say.codes[why]}`]),
    ...(conflict === undefined
      ? []
      : [
          say.schedule.conflicts[conflict.outcome](
            titleOf(report, conflict.with),
            localTime(conflict.at, report.timezone).time,
          ),
        ]),
  ]
  return notes
    .flatMap((note) => wrap(plain(note), columns - NOTE_INDENT))
    .map((line) => `${' '.repeat(NOTE_INDENT)}${paint('warn', line)}`)
}

type Day = {
  readonly weekday: number
  readonly items: { readonly item: PlannedItem; readonly time: string }[]
}

const byDay = ({ items, timezone }: ScheduleReport): ReadonlyMap<string, Day> => {
  const days = new Map<string, Day>()
  for (const item of items) {
    const { date, time, weekday } = localTime(item.planned, timezone)
    const day = days.get(date) ?? { weekday, items: [] }
    day.items.push({ item, time })
    days.set(date, day)
  }
  return days
}

const headOf = (call: Call, date: string, { weekday, items }: Day): string => {
  const { say, paint, columns } = call
  const refused = items.filter(
    ({ item }) => item.refused !== undefined || item.conflict?.outcome === 'missed',
  ).length
  const contending = items.filter(({ item }) => item.conflict !== undefined).length
  const head = `${say.weekdays[weekday] ?? ''} ${date}`.trim()
  const sum = say.schedule.day(items.length, refused, contending)
  const gap = ' '.repeat(Math.max(2, columns - displayWidth(head) - displayWidth(sum)))
  return `${paint('strong', head)}${gap}${paint(refused + contending === 0 ? 'dim' : 'warn', sum)}`
}

/** Each day its own table, so that a day can be read as a whole; the columns stand at the same places on all of them. */
const dayLines = (call: Call, report: ScheduleReport): readonly string[] => {
  const days = byDay(report)
  const all = [...days.values()].flatMap(({ items }) => items)
  const rows = all.map(({ item, time }) => rowOf(call, item, time))
  const [titles = '', ...lines] = table(columnsOf(call), rows, call.columns, call.paint)
  let next = 0
  return [...days].flatMap(([date, day], index) => [
    ...(index === 0 ? [] : ['']),
    headOf(call, date, day),
    titles,
    ...day.items.flatMap(({ item }) => [lines[next++] ?? '', ...notesOf(call, report, item)]),
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
