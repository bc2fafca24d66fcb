import { localTime } from '../cli/text/time.ts'
import type { Finding } from '../core/doctor/check.ts'
import { healthLevel } from '../core/health/level.ts'
import type { HealthLevel, StatusReport } from '../core/status.ts'
import { type Html, html, type Piece } from './html.ts'
import { badge, part, type Shown } from './parts.ts'

/** So many stand above everything else; the rest is among the checks. */
const TODO_SHOWN = 3
const MARKS = { ok: '✓', degraded: '!', fault: '✕' } as const

/** What failed in a check is told here too, though the heartbeat knows no problem of it. */
const standing = ({ health }: StatusReport, findings: readonly Finding[]): HealthLevel =>
  health === 'ok' && findings.some(({ level }) => level === 'FAIL') ? 'degraded' : health

/** Well or not, in one sentence. It is the only part that is read out when it changes. */
const headline = ({ view, words, findings }: Shown): Html => {
  const { status } = view.facts.agent
  const { headline: say } = words.page
  const level = standing(status, findings)
  return html`<p id="headline" data-part role="status" class="headline ${level}"><span class="mark" aria-hidden="true">${MARKS[level]}</span><span>${say.health[level]}; ${say.state[status.state]}.${status.safeMode === undefined ? '' : ` ${say.safeMode}`}</span></p>
`
}

const asOf = ({ view, words }: Shown): Html => {
  const { at, timezone } = view.facts.agent.status
  return html`<p id="at" data-part class="dim">${words.page.asOf(localTime(at, timezone).time)}</p>
`
}

const todoItem = ({ words }: Shown, { level, what, next }: Finding): Html => {
  const { urgent, soon, next: how } = words.page.todo
  const word = level === 'FAIL' ? badge('bad', urgent) : badge('warn', soon)
  return html`<li>${word} ${what}${next === undefined ? '' : html`<p class="next"><b>${how}:</b> ${next}</p>`}</li>`
}

/** What keeps the device from its main job, what else failed, and what is only to be looked at. */
const gravity = ({ level, code }: Finding): number => {
  if (level !== 'FAIL') return 2
  return code !== undefined && healthLevel([code]) === 'fault' ? 0 : 1
}

/** What is to be done, the gravest first. */
export const todo = (shown: Shown): Html => {
  const { todo: say } = shown.words.page
  const open = shown.findings
    .filter(({ level }) => level !== 'ok')
    .toSorted((a, b) => gravity(a) - gravity(b))
  const more = open.length - TODO_SHOWN
  const content: Piece =
    open.length === 0
      ? html`<p>${say.nothing}</p>`
      : html`<ul class="plain">${open.slice(0, TODO_SHOWN).map((each) => todoItem(shown, each))}</ul>${more > 0 ? html`<p><a href="#doctor" id="more">${say.more(more)}</a></p>` : ''}`
  return part('todo', say.heading, content)
}

/** Is it well, in one sentence. */
export const headParts = (shown: Shown): readonly Html[] => [headline(shown), asOf(shown)]
