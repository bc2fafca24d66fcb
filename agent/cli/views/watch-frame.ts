import { shrink } from '../../core/sign/shrink.ts'
import { isDark } from '../../core/sign/sign-picture.ts'
import type { SignView, StatusReport } from '../../core/status.ts'
import type { Call } from '../call.ts'
import { dotLines } from '../sign/half-blocks.ts'
import { clockSpan, localTime } from '../text/time.ts'
import { clip, displayWidth, padEnd, plain } from '../text/width.ts'
import { netRows } from './net-rows.ts'
import type { Row } from './row.ts'
import {
  adapterRows,
  deviceRows,
  healthTone,
  jailRows,
  linkRows,
  meter,
  nameOf,
  nextRows,
  refusedRows,
  rowLines,
  stateRow,
  storeRows,
} from './status-lines.ts'

/** Lines that are shown together or not at all; of two that do not both fit the one of the lower rank is. */
type Group = { readonly rank: number; readonly lines: readonly string[] }

const LEAST_NEXT = 2
const MOST_NEXT = 8
const MOST_REFUSED = 3

const bar = (done: number, columns: number): string => {
  const filled = Math.round(Math.min(1, Math.max(0, done)) * columns)
  return `[${'='.repeat(filled)}${' '.repeat(columns - filled)}]`
}

/** What sounds, how far it is, and how loud. */
const nowRows = ({ say, columns }: Call, { playing }: StatusReport, label: number): readonly Row[] => {
  if (playing === undefined) return []
  const { positionSeconds, durationSeconds, volume, peakDb } = playing
  const end = durationSeconds === undefined ? '' : ` / ${clockSpan(durationSeconds)}`
  const place = ` ${clockSpan(positionSeconds)}${end}  ${say.status.volume(volume)}`
  const room = Math.max(10, columns - label - place.length - 2)
  const progress =
    durationSeconds === undefined || durationSeconds <= 0 ? '' : bar(positionSeconds / durationSeconds, room)
  return [
    { label: say.status.now, text: nameOf(playing), tone: 'strong' },
    { label: '', text: `${progress}${place}`.trim(), tone: 'good' },
    ...(peakDb === undefined ? [] : [{ label: '', text: meter(peakDb) }]),
  ]
}

/** Well or not, and why; under each fault what to do about it. */
const healthGroups = ({ say }: Call, report: StatusReport): readonly { rank: number; row: Row }[] => {
  const tone = healthTone[report.health]
  const label = say.status.health
  if (report.problems.length === 0)
    return [{ rank: 0, row: { label, text: say.health[report.health], tone } }]
  return report.problems.flatMap(({ code, detail }, index) => {
    const first = index === 0
    const said = detail === undefined ? say.codes[code] : `${say.codes[code]}: ${detail}`
    const text = `${first ? `${say.health[report.health]}  ` : ''}${code} - ${said}`
    return [
      {
        rank: first ? 0 : 5,
        row: { label: first ? label : '', text, tone: first ? tone : ('warn' as const) },
      },
      { rank: first ? 4 : 8, row: { label: '', text: `-> ${say.actions[code]}`, tone: 'dim' as const } },
    ]
  })
}

/** The panels that show something, each as large as the room below the label lets it be. */
const pictureGroups = (
  call: Call,
  pictures: readonly SignView[],
  label: number,
  rows: number,
): readonly Group[] => {
  const colour = call.paint('bad', 'x') !== 'x'
  return pictures.flatMap(({ id, picture }, order): readonly Group[] => {
    const rgb = Buffer.from(picture.rgb, 'base64')
    // A dark panel says as much as the row of the signs.
    const whole = { ...picture, rgb }
    if (rgb.length !== picture.width * picture.height * 3 || isDark(whole)) return []
    const panel = shrink(whole, call.columns - label - 2, Math.max(8, rows))
    return [
      {
        rank: order === 0 ? 3 : 5,
        lines: dotLines(panel, colour).map(
          (line, index) =>
            `${call.paint('dim', padEnd(index === 0 ? clip(plain(id), label - 1) : '', label))}${line}`,
        ),
      },
    ]
  })
}

/** The most important groups that fit into so many lines, in the order in which they are given. */
const fitted = (groups: readonly Group[], rows: number): readonly string[] => {
  let left = rows
  const taken = new Set<Group>()
  for (const group of groups.toSorted((a, b) => a.rank - b.rank)) {
    if (group.lines.length > left) continue
    taken.add(group)
    left -= group.lines.length
  }
  return groups.filter((group) => taken.has(group)).flatMap(({ lines }) => lines)
}

const headLine = (call: Call, report: StatusReport): string => {
  const { date, time } = localTime(report.at, report.timezone)
  const right = `${date} ${time}  ${call.say.status.watchHint}`
  const left = clip(
    plain(`${report.device} · ${report.board}`),
    Math.max(0, call.columns - displayWidth(right) - 2),
  )
  return call.paint('dim', clip(`${padEnd(left, call.columns - displayWidth(right))}${right}`, call.columns))
}

/** The screen of `status --watch`: what matters most is there on the smallest terminal, more on a larger one. */
export const watchFrame = (
  given: Call,
  report: StatusReport,
  pictures: readonly SignView[],
): readonly string[] => {
  const { columns, rows } = given.io.size()
  const call = { ...given, columns: Math.min(120, columns) }
  const ranked = (rank: number, list: readonly Row[]) => list.map((row) => ({ rank, row }))
  /** Of some rows the first are shown before a sign, the others when there is room. */
  const leading = (count: number, list: readonly Row[]) =>
    list.map((row, index) => ({ rank: index < count ? 2 : 4, row }))
  const next = nextRows(call, report, Math.min(MOST_NEXT, Math.max(LEAST_NEXT, rows - 19)))
  const health = healthGroups(call, report)
  const links = [...netRows(call, report), ...linkRows(call, report)]
  const rest = [
    ...adapterRows(call, report),
    ...jailRows(call, report),
    ...refusedRows(call, report, MOST_REFUSED),
  ]
  const devices = deviceRows(call, report)
  const stores = storeRows(call, report)
  const all = [...health.map(({ row }) => row), ...next, ...links, ...devices, ...stores, ...rest]
  const label = Math.max(...all.map((row) => displayWidth(row.label)), displayWidth(call.say.status.now)) + 2
  const listed = (entries: readonly { readonly rank: number; readonly row: Row }[]): readonly Group[] =>
    entries.map(({ rank, row }) => ({ rank, lines: rowLines(call, row, label, false) }))
  const groups = [
    { rank: 0, lines: [headLine(call, report)] },
    ...listed(health),
    ...listed(ranked(0, [stateRow(call, report)])),
    ...listed(ranked(1, nowRows(call, report, label))),
    ...listed(next.map((row, index) => ({ rank: index < LEAST_NEXT ? 2 : 7, row }))),
    ...listed(leading(1, netRows(call, report))),
    ...listed(leading(1, linkRows(call, report))),
    ...listed(leading(2, devices)),
    ...listed(ranked(6, stores)),
    ...listed(ranked(6, rest)),
    ...pictureGroups(call, pictures, label, 2 * (rows - 14)),
  ]
  return fitted(groups, rows)
}
