import { clockSpan } from '../cli/text/time.ts'
import type { PageSign } from '../core/page-view.ts'
import type { NextItem, StatusReport } from '../core/status.ts'
import { type Html, html } from './html.ts'
import { badge, nameOf, part, type Shown, when } from './parts.ts'

const NEXT_SHOWN = 5
/** A dot is at most so large, and a sign at most so wide. */
const DOT = { largest: 8, widest: 640 } as const

type Playing = NonNullable<StatusReport['playing']>

/** A bar where the end is known. */
const progress = ({ words }: Shown, { positionSeconds, durationSeconds }: Playing): Html => {
  const say = words.page.now
  const position = clockSpan(positionSeconds)
  if (durationSeconds === undefined) return html`<p class="dim">${say.since(position)}</p>`
  const text = say.of(position, clockSpan(durationSeconds))
  return html`<progress aria-label="${say.progress}" value="${Math.floor(positionSeconds)}" max="${Math.ceil(durationSeconds)}">${text}</progress><p class="dim">${text}</p>`
}

/** What sounds. */
export const now = (shown: Shown): Html => {
  const { words, view } = shown
  const { playing } = view.facts.agent.status
  const { heading, nothing } = words.page.now
  if (playing === undefined) return part('now', heading, html`<p>${nothing}</p>`)
  return part(
    'now',
    heading,
    html`<p class="title">${nameOf(playing)}</p>`,
    progress(shown, playing),
    html`<p class="dim">${words.say.status.volume(playing.volume)}, ${playing.document}</p>`,
  )
}

const nextItem = (shown: Shown, item: NextItem): Html => {
  const { words } = shown
  const { ready, notReady } = words.page.next
  const why = item.reason === undefined ? '' : html`<p class="next">${words.say.codes[item.reason]}</p>`
  return html`<li>${when(shown, item.at)} <span class="title">${nameOf(item)}</span> ${item.armed ? badge('good', ready) : badge('warn', notReady)}${why}</li>`
}

const next = (shown: Shown): Html => {
  const { words, view } = shown
  const items = view.facts.agent.status.next.slice(0, NEXT_SHOWN)
  return part(
    'next',
    words.page.next.heading,
    items.length === 0
      ? html`<p>${words.say.status.nothing}</p>`
      : html`<ol class="plain">${items.map((item) => nextItem(shown, item))}</ol>`,
  )
}

/** What somebody who sees the picture would say of it. */
const told = ({ words }: Shown, { id, ok, text, picture }: PageSign): string => {
  const { shows, picture: shown, dark, unknown } = words.page.signs
  if (!ok) return unknown(id)
  if (text !== '') return shows(id, text)
  return picture === undefined ? dark(id) : shown(id)
}

const lit = (shown: Shown, sign: PageSign): Html => {
  const { picture } = sign
  if (picture === undefined || !sign.ok) return html`<p class="dark">${told(shown, sign)}</p>`
  const dot = Math.max(1, Math.min(DOT.largest, Math.floor(DOT.widest / picture.width)))
  return html`<img class="led" src="data:image/png;base64,${picture.png}" width="${dot * picture.width}" height="${dot * picture.height}" alt="${told(shown, sign)}">`
}

const sign = (shown: Shown, each: PageSign): Html => {
  const { say } = shown.words
  const state = badge(each.ok ? 'good' : 'bad', say.signs[each.ok ? 'ok' : 'fault'])
  const proof = each.ok ? html` <span class="dim">${say.proofs[each.proof]}</span>` : ''
  return html`<figure>${lit(shown, each)}<figcaption><b>${each.id}</b> ${state}${proof}</figcaption></figure>`
}

/** What comes, and what stands on the signs. */
export const programmeParts = (shown: Shown): readonly Html[] => {
  const { signs } = shown.view
  const { heading } = shown.words.page.signs
  return [
    next(shown),
    ...(signs.length === 0
      ? []
      : [
          part(
            'signs',
            heading,
            signs.map((each) => sign(shown, each)),
          ),
        ]),
  ]
}
