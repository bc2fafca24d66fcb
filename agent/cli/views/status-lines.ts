import { areaOf } from '../../core/place.ts'
import type { AdapterReport, NextItem, StatusReport } from '../../core/status.ts'
import type { Call } from '../call.ts'
import { clockSpan, localTime, roughSpan } from '../text/time.ts'
import { clip, displayWidth, padEnd, plain, wrap } from '../text/width.ts'
import { netRows } from './net-rows.ts'
import { type Row, withTone } from './row.ts'
import { linesListed, sensorsListed } from './sensor-rows.ts'
import { updateRows } from './update-text.ts'

export const nameOf = (entry: { readonly item: string; readonly title?: string }): string =>
  entry.title === undefined ? entry.item : `${entry.title} (${entry.item})`

export const healthTone = { ok: 'good', degraded: 'warn', fault: 'bad' } as const
const stateTone = { idle: undefined, playing: 'good', alert: 'bad', muted: 'warn' } as const

const healthRows = ({ say }: Call, report: StatusReport): readonly Row[] => [
  { label: say.status.health, text: say.health[report.health], tone: healthTone[report.health] },
  ...report.problems.map(({ code, detail }): Row => {
    const words = detail === undefined ? say.codes[code] : `${say.codes[code]}: ${detail}`
    return { label: '', text: `${code} - ${words}`, tone: 'warn' }
  }),
]

export const stateRow = ({ say }: Call, report: StatusReport): Row => {
  const words = say.states[report.state]
  const text = report.muted ? `${words} - ${say.status.muted}` : words
  return withTone({ label: say.status.state, text }, stateTone[report.state])
}

/** Only of a device that was moved: it stands in two places for a while. */
const placeRows = ({ say }: Call, { place }: StatusReport): readonly Row[] => {
  const { formerly = [], movingTo } = place ?? {}
  if (place === undefined || (formerly.length === 0 && movingTo === undefined)) return []
  const more = [
    ...formerly.map((former) => say.place.formerly(areaOf(former), former.until)),
    ...(movingTo === undefined ? [] : [say.place.movingTo(areaOf(movingTo))]),
  ]
  return [
    { label: say.place.label, text: areaOf(place) },
    ...more.map((text): Row => ({ label: '', text, tone: 'dim' })),
  ]
}

const METER = { cells: 20, dbACell: 3 } as const

/** A bar from -60 to 0 dBFS. */
export const meter = (peakDb: number): string => {
  const lit = Math.min(METER.cells, Math.max(0, Math.ceil(METER.cells + peakDb / METER.dbACell)))
  return `[${'#'.repeat(lit)}${'-'.repeat(METER.cells - lit)}] ${peakDb.toFixed(1)} dBFS`
}

const nowRows = ({ say }: Call, { playing }: StatusReport): readonly Row[] => {
  if (playing === undefined) return []
  const end = playing.durationSeconds === undefined ? '' : ` / ${clockSpan(playing.durationSeconds)}`
  const place = `${clockSpan(playing.positionSeconds)}${end}`
  return [
    { label: say.status.now, text: nameOf(playing), tone: 'strong' },
    { label: '', text: `${place}  ${say.status.volume(playing.volume)}  ${playing.document}` },
    ...(playing.peakDb === undefined ? [] : [{ label: '', text: meter(playing.peakDb) }]),
  ]
}

const nextRow = (call: Call, report: StatusReport, next: NextItem, index: number): Row => {
  const { say } = call
  const { date, time } = localTime(next.at, report.timezone)
  const today = localTime(report.at, report.timezone).date
  const when = date === today ? time : `${date} ${time}`
  const label = index === 0 ? say.status.next : ''
  if (next.armed) return { label, text: `${when}  ${say.status.armed}  ${nameOf(next)}` }
  const why = next.reason === undefined ? '' : ` ${next.reason}`
  return { label, text: `${when}  ${say.status.notArmed}${why}  ${nameOf(next)}`, tone: 'warn' }
}

export const nextRows = (call: Call, report: StatusReport, shown: number): readonly Row[] => {
  const { next } = report
  if (next.length === 0) return [{ label: call.say.status.next, text: call.say.status.nothing }]
  const rows = next.slice(0, shown).map((item, index) => nextRow(call, report, item, index))
  const more = next.length - rows.length
  return more === 0 ? rows : [...rows, { label: '', text: call.say.status.moreNext(more), tone: 'dim' }]
}

export const linkRows = ({ say }: Call, report: StatusReport): readonly Row[] => {
  const { broker, clock } = report
  const since =
    broker.since === undefined ? '' : `  ${say.status.since(localTime(broker.since, report.timezone).time)}`
  const url = broker.url === undefined ? '' : ` ${broker.url}`
  return [
    withTone(
      {
        label: say.status.broker,
        text: `${broker.connected ? say.status.connected : say.status.disconnected}${url}${since}`,
      },
      broker.connected ? undefined : 'warn',
    ),
    withTone(
      {
        label: say.status.clock,
        text: `${say.clocks[clock.state]}, ${say.status.offset(clock.offsetMs.toFixed(1))}`,
      },
      clock.state === 'synced' || clock.state === 'held' ? undefined : 'warn',
    ),
  ]
}

export const storeRows = ({ say }: Call, { media, outbox }: StatusReport): readonly Row[] => [
  withTone(
    { label: say.status.media, text: say.status.mediaPresent(media.present, media.wanted) },
    media.present < media.wanted ? 'warn' : undefined,
  ),
  {
    label: say.status.outbox,
    text: outbox === 0 ? say.status.outboxEmpty : say.status.outboxWaiting(outbox),
  },
]

const listed = <State extends string>(
  states: Readonly<Record<string, State>>,
  words: Readonly<Record<State, string>>,
  none: string,
): string =>
  Object.entries(states)
    .map(([id, state]) => `${id} ${words[state]}`)
    .join(', ') || none

/** `gate ok (sent)`: working says little where the line never answers. */
const signsListed = ({ say }: Call, { signs, shown }: StatusReport): string =>
  Object.entries(signs)
    .map(([id, state]) => {
      const proof = shown[id]
      return `${id} ${say.signs[state]}${proof === undefined ? '' : ` (${say.proofs[proof]})`}`
    })
    .join(', ') || say.status.none

const sensorRows = (call: Call, report: StatusReport): readonly Row[] => {
  const { sensors, speakerLines } = call.say.status
  const suspect = Object.values(report.lines).some(({ state }) => state !== 'ok' && state !== 'learning')
  return [
    { label: sensors, text: sensorsListed(call, report) },
    withTone({ label: speakerLines, text: linesListed(call, report) }, suspect ? 'warn' : undefined),
  ].filter(({ text }) => text !== '')
}

export const deviceRows = (call: Call, report: StatusReport): readonly Row[] => {
  const { say } = call
  const { amps, signs, inputs, hearing, underruns } = report
  return [
    withTone(
      { label: say.status.amplifiers, text: listed(amps, say.relays, say.status.none) },
      Object.values(amps).includes('stuck') ? 'bad' : undefined,
    ),
    withTone(
      { label: say.status.signs, text: signsListed(call, report) },
      Object.values(signs).includes('fault') ? 'warn' : undefined,
    ),
    ...(Object.keys(inputs).length === 0
      ? []
      : [
          withTone(
            { label: say.status.contacts, text: listed(inputs, say.contacts, say.status.none) },
            Object.values(inputs).includes('fault') ? 'warn' : undefined,
          ),
        ]),
    ...sensorRows(call, report),
    ...(hearing === undefined
      ? []
      : [{ label: say.status.heard, text: say.status.heardOf(hearing.of, hearing.last, hearing.mean) }]),
    ...(underruns === 0 ? [] : [{ label: '', text: say.status.underruns(underruns), tone: 'warn' } as const]),
  ]
}

const adapterText = (
  { say: { adapters: say } }: Call,
  { name, present, losses, cycles, better }: AdapterReport,
): string =>
  [
    present ? say.there(name) : say.gone(name),
    ...(losses === 0 ? [] : [say.losses(losses)]),
    ...(cycles === 0 ? [] : [say.cycles(cycles)]),
    ...(better === undefined ? [] : [say.better(better)]),
  ].join('; ')

/** Only those that are something to act on. */
export const adapterRows = (call: Call, { adapters = [] }: StatusReport): readonly Row[] =>
  adapters
    .filter(({ present, losses, better }) => !present || losses > 0 || better !== undefined)
    .map((adapter, index) => ({
      label: index === 0 ? call.say.adapters.label : '',
      text: `${adapter.id}: ${adapterText(call, adapter)}`,
      ...(adapter.present ? {} : { tone: 'warn' }),
    }))

/** Only where it does not hold everything: then it is something to act on. */
export const jailRows = ({ say }: Call, { jail }: StatusReport): readonly Row[] =>
  jail.state === 'full'
    ? []
    : [{ label: say.status.jail, text: say.status.jailLacks(jail.missing.join(', ')), tone: 'warn' }]

export const refusedRows = ({ say }: Call, { rejected }: StatusReport, shown: number): readonly Row[] =>
  rejected.slice(0, shown).map(({ document, rev, code, path, message }, index) => {
    const revision = rev === undefined ? '' : ` ${say.status.revision(rev)}`
    const detail =
      path === undefined || path === '' || message.startsWith(path) ? message : `${path}: ${message}`
    return {
      label: index === 0 ? say.status.refused : '',
      text: `${document}${revision} ${code} - ${detail}`,
      tone: 'warn',
    }
  })

type Shown = {
  readonly next: number
  readonly rejected: number
  /** Long lines go on below instead of being cut: where there is no screen to fit. */
  readonly wrapped: boolean
}

export const rowLines = (
  { paint, columns }: Call,
  row: Row,
  label: number,
  wrapped: boolean,
): readonly string[] => {
  const room = columns - label
  const text = plain(row.text)
  const lines = wrapped ? wrap(text, room) : [clip(text, room)]
  return lines.map((line, index) =>
    `${paint('dim', padEnd(index === 0 ? row.label : '', label))}${paint(row.tone, line)}`.trimEnd(),
  )
}

/** Is it well, what plays, what comes next and is it armed, what is wrong: one screen. */
export const statusLines = (call: Call, report: StatusReport, shown: Shown): readonly string[] => {
  const rows = [
    ...healthRows(call, report),
    stateRow(call, report),
    ...placeRows(call, report),
    ...nowRows(call, report),
    ...nextRows(call, report, shown.next),
    ...netRows(call, report),
    ...linkRows(call, report),
    ...storeRows(call, report),
    ...updateRows(call, report.update, report.timezone),
    ...deviceRows(call, report),
    ...adapterRows(call, report),
    ...jailRows(call, report),
    ...refusedRows(call, report, shown.rejected),
  ]
  const label = Math.max(...rows.map((row) => displayWidth(row.label))) + 2
  const up = call.say.status.up(roughSpan(report.uptimeSeconds, call.say.spans))
  const head = `${report.device} · ${report.board} · loa-agent ${report.agent} · ${up}`
  return [
    call.paint('strong', clip(plain(head), call.columns)),
    ...rows.flatMap((row) => rowLines(call, row, label, shown.wrapped)),
  ]
}
