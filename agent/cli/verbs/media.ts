import { askAgent } from '../../adapters/control/client.ts'
import type { MediaFile, MediaReport } from '../../core/status.ts'
import { atMostWords, type Call, print, printJson, type Verb } from '../call.ts'
import { controlSocket } from '../socket.ts'
import { type Cell, table } from '../text/table.ts'
import { localTime, roughSpan } from '../text/time.ts'
import { plain, wrap } from '../text/width.ts'

const STATE_TONE = { missing: 'warn', fetching: 'warn', checking: 'warn', ready: 'good', bad: 'bad' } as const
const BAR_CELLS = 10
/** Under a file that is not ready stands why. */
const NOTE_INDENT = 10

const size = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

/** `[####------]  42%` */
const progress = ({ bytes, heldBytes }: MediaFile): string => {
  const share = bytes === 0 ? 0 : Math.min(1, heldBytes / bytes)
  const filled = Math.floor(share * BAR_CELLS)
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}] ${String(Math.floor(100 * share)).padStart(3)}%`
}

const dayAndTime = (iso: string | undefined, { timezone }: MediaReport): string | undefined => {
  if (iso === undefined) return undefined
  const { date, time } = localTime(iso, timezone)
  return `${date.slice(5)} ${time.slice(0, 5)}`
}

const rowOf = ({ say }: Call, report: MediaReport, file: MediaFile): readonly Cell[] => [
  file.sha256.slice(0, 12),
  file.format,
  size(file.bytes),
  progress(file),
  { text: say.mediaStates[file.state], tone: STATE_TONE[file.state] },
  `${dayAndTime(file.neededAt, report) ?? ''} ${file.neededBy ?? ''}`.trim(),
]

/** How fast it comes, or why it does not. */
const notesOf = ({ say, paint, columns }: Call, report: MediaReport, file: MediaFile): readonly string[] => {
  const { bytesPerSecond, bytes, heldBytes, waitsUntil, code, message } = file
  const until = dayAndTime(waitsUntil, report)
  const left =
    bytesPerSecond === undefined
      ? ''
      : roughSpan((bytes - heldBytes) / Math.max(1, bytesPerSecond), say.spans)
  const notes = [
    ...(bytesPerSecond === undefined ? [] : [say.media.speed(Math.round(bytesPerSecond / 1024), left)]),
    ...(until === undefined ? [] : [say.media.waits(until)]),
    ...(code === undefined ? [] : [`${code} - ${message ?? say.codes[code]}`]),
  ]
  return notes
    .flatMap((note) => wrap(plain(note), columns - NOTE_INDENT))
    .map((line) => `${' '.repeat(NOTE_INDENT)}${paint(code === undefined ? 'dim' : 'warn', line)}`)
}

/** `loa media`. */
export const media: Verb = async (call) => {
  atMostWords(call, 0)
  const report = await askAgent(await controlSocket(call), 'media', {})
  if (call.json) {
    printJson(call, report)
    return 0
  }
  const { say } = call
  const columns = [
    { title: say.media.file },
    { title: say.media.format },
    { title: say.media.size, right: true },
    { title: say.media.held },
    { title: say.media.state },
    { title: say.media.needed, shrinkTo: 8 },
  ]
  const rows = report.files.map((file) => rowOf(call, report, file))
  const mb = (value: number): string => String(Math.round(value * 10) / 10)
  const [titles = '', ...lines] = table(columns, rows, call.columns, call.paint)
  print(call, [
    say.media.total(report.present, report.wanted, mb(report.usedMb), mb(report.quotaMb)),
    ...(rows.length === 0
      ? []
      : [titles, ...report.files.flatMap((file, at) => [lines[at] ?? '', ...notesOf(call, report, file)])]),
  ])
  return 0
}
