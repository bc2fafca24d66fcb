import { askAgent } from '../../adapters/control/client.ts'
import type { MediaFile, MediaReport } from '../../core/status.ts'
import { atMostWords, type Call, print, printJson, type Verb } from '../call.ts'
import { controlSocket } from '../socket.ts'
import { type Cell, table } from '../text/table.ts'
import { localTime } from '../text/time.ts'

const STATE_TONE = { missing: 'warn', fetching: 'warn', checking: 'warn', ready: 'good', bad: 'bad' } as const

const size = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

const rowOf = ({ say }: Call, { timezone }: MediaReport, file: MediaFile): readonly Cell[] => {
  const at = file.neededAt === undefined ? undefined : localTime(file.neededAt, timezone)
  const until = file.waitsUntil === undefined ? undefined : localTime(file.waitsUntil, timezone)
  const waits = until === undefined ? undefined : say.media.waits(`${until.date.slice(5)} ${until.time}`)
  const why = [waits, file.code, file.message].filter((part) => part !== undefined).join(' ')
  return [
    file.sha256.slice(0, 12),
    file.format,
    size(file.bytes),
    `${file.bytes === 0 ? 0 : Math.floor((100 * file.heldBytes) / file.bytes)}%`,
    at === undefined ? '' : `${at.date.slice(5)} ${at.time}`,
    { text: `${say.mediaStates[file.state]} ${why}`.trim(), tone: STATE_TONE[file.state] },
  ]
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
    { title: say.media.held, right: true },
    { title: say.media.needed },
    { title: say.media.state, shrinkTo: 12 },
  ]
  const rows = report.files.map((file) => rowOf(call, report, file))
  const mb = (value: number): string => String(Math.round(value * 10) / 10)
  print(call, [
    say.media.total(report.present, report.wanted, mb(report.usedMb), mb(report.quotaMb)),
    ...(rows.length === 0 ? [] : table(columns, rows, call.columns, call.paint)),
  ])
  return 0
}
