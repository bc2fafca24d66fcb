import type { EventRecord, PlaybackRecord } from '../../core/records.ts'
import type { LogEntry } from '../../core/status.ts'
import type { Call } from '../call.ts'
import type { Tone } from '../text/style.ts'
import { localTime } from '../text/time.ts'
import { clip, padEnd, plain } from '../text/width.ts'

const RESULT_TONE: Readonly<Record<PlaybackRecord['result'], Tone>> = {
  completed: 'good',
  partial: 'warn',
  preempted: 'warn',
  interrupted: 'bad',
  missed: 'bad',
  skipped: 'warn',
  failed: 'bad',
}
const SEVERITY_TONE: Readonly<Record<EventRecord['severity'], Tone>> = {
  info: 'dim',
  warning: 'warn',
  alarm: 'bad',
}
const KIND_COLUMNS = 12

const played = ({ say }: Call, record: PlaybackRecord): string => {
  const seconds = record.playedSeconds ?? record.shownSeconds ?? 0
  const error =
    record.startErrorMs === undefined
      ? ''
      : ` ${record.startErrorMs >= 0 ? '+' : ''}${record.startErrorMs} ms`
  const reason = record.reason === undefined ? '' : ` ${record.reason}`
  return `${record.item}${reason}  ${say.log.played(String(seconds))}${error}  ${record.document}`
}

/** One record in one line: when, what became of it, which. */
export const logLine = (call: Call, entry: LogEntry, timezone: string): string => {
  const playback = entry.topic === 'playback'
  const { date, time } = localTime(playback ? entry.record.planned : entry.record.at, timezone)
  const kind = playback ? call.say.results[entry.record.result] : call.say.severities[entry.record.severity]
  const tone = playback ? RESULT_TONE[entry.record.result] : SEVERITY_TONE[entry.record.severity]
  const data =
    playback || Object.keys(entry.record.data).length === 0 ? '' : `  ${JSON.stringify(entry.record.data)}`
  const text = playback ? played(call, entry.record) : `${entry.record.code}${data}`
  const left = `${date} ${time}  `
  const room = call.columns - left.length - KIND_COLUMNS
  return `${left}${call.paint(tone, padEnd(kind, KIND_COLUMNS))}${clip(plain(text), room)}`.trimEnd()
}
