import type { RecordView } from '../core/page-view.ts'
import type { EventRecord, PlaybackRecord } from '../core/records.ts'
import { type Html, html, type Piece } from './html.ts'
import { badge, nameOf, part, type Shown, type Tone, when } from './parts.ts'

const AT_ONCE = 8

const RESULTS: Readonly<Record<PlaybackRecord['result'], Tone>> = {
  completed: 'good',
  partial: 'warn',
  preempted: 'warn',
  interrupted: 'bad',
  missed: 'bad',
  skipped: 'warn',
  failed: 'bad',
}
const SEVERITIES: Readonly<Record<EventRecord['severity'], Tone>> = {
  info: 'plain',
  warning: 'warn',
  alarm: 'bad',
}

/** A code that this release does not know is told as it stands. */
const meaning = ({ words }: Shown, code: string): string => {
  const known: Readonly<Record<string, string>> = words.say.codes
  return Object.hasOwn(known, code) ? (known[code] ?? code) : code
}

const record = (shown: Shown, entry: RecordView): Html => {
  const { say } = shown.words
  if (entry.topic === 'event') {
    const { at, severity, code } = entry.record
    return html`<li>${when(shown, at)} ${badge(SEVERITIES[severity], say.severities[severity])} ${meaning(shown, code)}</li>`
  }
  const { planned, result, reason, playedSeconds, shownSeconds, item } = entry.record
  const { title } = entry
  const seconds = Math.round(playedSeconds ?? shownSeconds ?? 0)
  const why = reason === undefined ? '' : html`<p class="next">${meaning(shown, reason)}</p>`
  return html`<li>${when(shown, planned)} ${badge(RESULTS[result], say.results[result])} <span class="title">${nameOf({ item, ...(title === undefined ? {} : { title }) })}</span> <span class="dim">${say.log.played(String(seconds))}</span>${why}</li>`
}

const list = (items: readonly Html[]): Html => html`<ul class="plain">${items}</ul>`

/** What was played today and what happened, newest first. */
export const recordParts = (shown: Shown): readonly Html[] => {
  const { records: say } = shown.words.page
  const { records, recordsCut } = shown.view
  if (records.length === 0) return [part('records', say.heading, html`<p>${say.nothing}</p>`)]
  const items = records.map((entry) => record(shown, entry))
  const rest = items.slice(AT_ONCE)
  const cut: Piece = recordsCut ? html`<p class="dim">${say.more}</p>` : ''
  const older: Piece =
    rest.length === 0
      ? ''
      : html`<details id="older"><summary id="older-s">${say.show(rest.length)}</summary>${list(rest)}${cut}</details>`
  return [part('records', say.heading, list(items.slice(0, AT_ONCE)), older)]
}
