import { localTime, roughSpan } from '../cli/text/time.ts'
import type { Finding } from '../core/doctor/check.ts'
import { CHECK_GROUPS } from '../core/doctor/check.ts'
import type { StatusReport } from '../core/status.ts'
import { type Html, html, type Piece } from './html.ts'
import { badge, part, type Shown, type Tone } from './parts.ts'

type Fact = { readonly label: string; readonly tone?: Tone; readonly text: string }

const TONES = { ok: 'good', warn: 'warn', FAIL: 'bad' } as const

const listed = <State extends string>(
  states: Readonly<Record<string, State>>,
  words: Readonly<Record<State, string>>,
): string =>
  Object.entries(states)
    .map(([id, state]) => `${id} ${words[state]}`)
    .join(', ')

const toneOf = (wrong: boolean, tone: Tone): { readonly tone?: Tone } => (wrong ? { tone } : {})

const linkFacts = ({ words }: Shown, { net, broker, clock, timezone }: StatusReport): readonly Fact[] => {
  const { status, links, clocks } = words.say
  const { data } = net
  const signal = net.dbm === undefined ? [] : [`${net.dbm} dBm`]
  const since = broker.since === undefined ? '' : `, ${status.since(localTime(broker.since, timezone).time)}`
  return [
    {
      label: links.network,
      text: [links.bearers[net.bearer], ...signal, ...net.addresses].join(', '),
      ...toneOf(net.bearer === 'none', 'warn'),
    },
    ...(data === undefined
      ? []
      : [{ label: links.data, text: links.used(data.usedMb, data.monthlyMb, data.since) }]),
    {
      label: status.broker,
      text: `${broker.connected ? status.connected : status.disconnected}${since}`,
      ...toneOf(!broker.connected, 'warn'),
    },
    {
      label: status.clock,
      text: `${clocks[clock.state]}, ${status.offset(clock.offsetMs.toFixed(1))}`,
      ...toneOf(clock.state === 'stale' || clock.state === 'unset', 'warn'),
    },
  ]
}

/** Three digits that count are enough to look at. */
const rounded = (value: number): string =>
  String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))

const sensorText = ({ words }: Shown, { sensors }: StatusReport): string => {
  const known: Readonly<Record<string, number | undefined>> = sensors
  return Object.entries(words.say.status.sensorValues)
    .flatMap(([name, say]) => {
      const value = known[name]
      return value === undefined ? [] : [say(rounded(value))]
    })
    .join(', ')
}

const lineText = ({ words }: Shown, { lines }: StatusReport): string =>
  Object.entries(lines)
    .map(([id, { state, loadPercent }]) => {
      const share = loadPercent === undefined ? '' : ` (${loadPercent} %)`
      return `${id} ${words.say.lines[state]}${share}`
    })
    .join(', ')

const partFacts = (shown: Shown, report: StatusReport): readonly Fact[] => {
  const { status, relays, contacts } = shown.words.say
  const { amps, inputs, lines } = report
  const suspect = Object.values(lines).some(({ state }) => state !== 'ok' && state !== 'learning')
  return [
    {
      label: status.amplifiers,
      text: listed(amps, relays),
      ...toneOf(Object.values(amps).includes('stuck'), 'bad'),
    },
    {
      label: status.contacts,
      text: listed(inputs, contacts),
      ...toneOf(Object.values(inputs).includes('fault'), 'warn'),
    },
    { label: status.speakerLines, text: lineText(shown, report), ...toneOf(suspect, 'warn') },
    { label: status.sensors, text: sensorText(shown, report) },
  ]
}

const storeFacts = ({ words }: Shown, { media, outbox }: StatusReport): readonly Fact[] => {
  const { status } = words.say
  return [
    {
      label: status.media,
      text: status.mediaPresent(media.present, media.wanted),
      ...toneOf(media.present < media.wanted, 'warn'),
    },
    {
      label: status.outbox,
      text: outbox === 0 ? status.outboxEmpty : status.outboxWaiting(outbox),
    },
  ]
}

const row = ({ label, text, tone }: Fact): Html =>
  html`<div><dt>${label}</dt><dd>${tone === undefined ? text : badge(tone, text)}</dd></div>`

const state = (shown: Shown): Html => {
  const report = shown.view.facts.agent.status
  const facts = [
    ...linkFacts(shown, report),
    ...partFacts(shown, report),
    ...storeFacts(shown, report),
  ].filter(({ text }) => text !== '')
  return part('state', shown.words.page.state.heading, html`<dl>${facts.map(row)}</dl>`)
}

const finding = ({ words }: Shown, { level, what, next }: Finding): Html => {
  const { todo, doctor } = words.page
  const how = next === undefined ? '' : html`<p class="next"><b>${todo.next}:</b> ${next}</p>`
  return html`<li>${badge(TONES[level], doctor.levels[level])} ${what}${how}</li>`
}

const doctor = (shown: Shown): Html => {
  const { words, findings } = shown
  const say = words.page.doctor
  const count = (level: Finding['level']): number => findings.filter((each) => each.level === level).length
  const groups = CHECK_GROUPS.map((group): Piece => {
    const own = findings.filter((each) => each.group === group)
    if (own.length === 0) return ''
    return html`<h3>${say.groups[group]}</h3><ul class="plain">${own.map((each) => finding(shown, each))}</ul>`
  })
  return part(
    'doctor',
    say.heading,
    html`<p>${say.counts(count('FAIL'), count('warn'), count('ok'))}</p>`,
    html`<details id="checks"><summary id="checks-s">${say.show(findings.length)}</summary>${groups}<p class="dim">${say.onlyHere}</p></details>`,
  )
}

/** The device as it stands, and what its checks say. */
export const deviceParts = (shown: Shown): readonly Html[] => [state(shown), doctor(shown)]

/** Version and time since the start. */
export const about = ({ view, words }: Shown): Html => {
  const { agent, board, uptimeSeconds } = view.facts.agent.status
  const { status, spans } = words.say
  const up = status.up(roughSpan(uptimeSeconds, spans))
  return html`<p id="about" data-part class="dim">${words.page.footer(agent, board)}, ${up}</p>
`
}
