import type { UpdateReport } from '../../core/update/progress.ts'
import type { Call } from '../call.ts'
import { localTime } from '../text/time.ts'
import { plain } from '../text/width.ts'
import { type Row, withTone } from './row.ts'

/** How it stands with an update, in one line. */
export const updateText = ({ say }: Pick<Call, 'say'>, report: UpdateReport, timezone: string): string => {
  const { update } = say
  const { version, state, progress, waits, code, message } = report
  const local = waits?.until === undefined ? undefined : localTime(waits.until, timezone)
  const parts = [
    progress === undefined ? update.states[state] : `${update.states[state]}, ${progress} %`,
    ...(waits === undefined ? [] : [update.waits[waits.for](waits.item ?? '')]),
    ...(local === undefined ? [] : [update.until(`${local.date} ${local.time}`)]),
    ...(code === undefined ? [] : [code]),
    ...(message === undefined ? [] : [message]),
  ]
  return plain(`${version === undefined ? '' : `${version}: `}${parts.join(' - ')}`)
}

const TONES = { refused: 'warn', back: 'bad', failed: 'warn', trial: 'strong' } as const

/** Nothing while none was ever ordered. */
export const updateRows = (
  call: Pick<Call, 'say'>,
  report: UpdateReport | undefined,
  timezone: string,
): readonly Row[] => {
  if (report === undefined) return []
  const { state } = report
  const tone = state in TONES ? TONES[state as keyof typeof TONES] : undefined
  return [withTone({ label: call.say.update.label, text: updateText(call, report, timezone) }, tone)]
}
