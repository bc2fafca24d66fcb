import { localTime } from '../cli/text/time.ts'
import type { Finding } from '../core/doctor/check.ts'
import type { PageView } from '../core/page-view.ts'
import { type Html, html, type Piece } from './html.ts'
import type { Words } from './page-words.ts'

/** What every part of the page is made from. */
export type Shown = { readonly view: PageView; readonly words: Words; readonly findings: readonly Finding[] }

export type Tone = 'good' | 'warn' | 'bad' | 'plain'

/** A part that the script of the page replaces as a whole when it changed. */
export const part = (id: string, heading: string, ...content: readonly Piece[]): Html =>
  html`<section id="${id}" data-part aria-labelledby="${id}-h"><h2 id="${id}-h">${heading}</h2>${content}</section>
`

/** A word that stands out; its meaning is never in the colour alone. */
export const badge = (tone: Tone, word: string): Html => html`<span class="badge ${tone}">${word}</span>`

/** `HH:MM` of today, with its date of another day. */
export const when = ({ view }: Shown, iso: string): Html => {
  const { timezone, at } = view.facts.agent.status
  const { date, time } = localTime(iso, timezone)
  const short = time.slice(0, 5)
  const [, month = '', day = ''] = date.split('-')
  const shown = date === localTime(at, timezone).date ? short : `${short} ${day}/${month}`
  return html`<time datetime="${iso}">${shown}</time>`
}

export const nameOf = ({ item, title }: { readonly item: string; readonly title?: string }): string =>
  title ?? item
