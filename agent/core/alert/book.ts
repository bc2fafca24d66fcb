import type { Alert, AlertDocument, DocumentKey } from '../documents.ts'
import { type DeviceScope, isTarget } from '../schedule/item.ts'
import { type EpochMs, epochMs } from '../time.ts'

/** An alert in force and how far its soundings have come. */
export type AlertEntry = {
  /** Document and id. */
  readonly key: string
  readonly document: DocumentKey
  readonly area: string
  readonly rev: number
  readonly alert: Alert
  /** What makes it sound anew when it changes. */
  readonly voice: string
  readonly issued: EpochMs
  readonly until: EpochMs
  /** When it is due next; undefined while it sounds or waits, and for ever once an alert without repeats has sounded. */
  readonly dueAt?: EpochMs
  /** It was handed over to be sounded and has not ended. */
  readonly handedOver: boolean
  /** Not heard yet in this form: it goes before every repetition. */
  readonly fresh: boolean
  /** It has begun to sound at least once: with repeats, nothing else plays until it is over. */
  readonly begun: boolean
  /** When it was last heard, or came into force. */
  readonly silentSince: EpochMs
  /** Without repeats and due in mute: it has its record and sounds when mute is lifted. */
  readonly silenced?: boolean
  /** Running time in which the clock was not set, in ms. */
  readonly unsetMs: number
  /** Its time is up; kept while its document names it, so that it does not count as new. */
  readonly over: boolean
}

export type AlertBook = ReadonlyMap<string, AlertEntry>

/** Where the clock is not set, no alert sounds for longer than this, whatever its dates say. */
const MOST_UNSET_MS = 86_400_000

/** Where alerts in force come from: a document, or a contact of this device that somebody closed. */
export type AlertSource = Pick<AlertDocument, 'area' | 'rev' | 'iat' | 'alerts'> & {
  /** Absent: the alert document of its area. */
  readonly document?: DocumentKey
  /** What tells one closing of a contact from the next: each sounds anew. */
  readonly occasion?: string
}

const voiceOf = (alert: Alert, occasion: string | undefined): string =>
  JSON.stringify([
    alert.siren ?? null,
    alert.parts ?? null,
    alert.event,
    alert.severity,
    ...(occasion === undefined ? [] : [occasion]),
  ])

/** Whether an entry is over. With the clock unset its dates say only how long it may run. */
export const isOver = (entry: AlertEntry, now: EpochMs, unset: boolean): boolean =>
  unset ? entry.unsetMs >= Math.min(MOST_UNSET_MS, entry.until - entry.issued) : now >= entry.until

export type BookChange = {
  readonly book: AlertBook
  /** Keys that are in force no more: removed, or to sound anew. */
  readonly withdrawn: readonly string[]
}

/**
 * The alerts of all documents in force, and of contacts, that are meant for this device. One that is new, or whose siren, parts, event or
 * severity changed, is due now; everything else of an alert may change without a sound.
 * @see contract, section 3, alert
 */
export function updateBook(
  before: AlertBook,
  sources: readonly AlertSource[],
  device: DeviceScope,
  now: EpochMs,
): BookChange {
  const book = new Map<string, AlertEntry>()
  for (const entry of entriesOf(sources, device, now)) {
    const known = before.get(entry.key)
    book.set(entry.key, known?.voice === entry.voice ? carryOn(known, entry) : entry)
  }
  const withdrawn = [...before.values()]
    .filter(({ key, voice }) => book.get(key)?.voice !== voice)
    .map(({ key }) => key)
  return { book, withdrawn }
}

const entriesOf = (
  sources: readonly AlertSource[],
  device: DeviceScope,
  now: EpochMs,
): readonly AlertEntry[] =>
  sources.flatMap((source) =>
    source.alerts
      .filter(({ targets }) => isTarget(targets, device))
      .map((alert) => enter(source, alert, now)),
  )

const documentOf = ({ document, area }: AlertSource): DocumentKey => document ?? `${area}/alert`

const enter = (source: AlertSource, alert: Alert, now: EpochMs): AlertEntry => ({
  key: `${documentOf(source)}/${alert.id}`,
  document: documentOf(source),
  area: source.area,
  rev: source.rev,
  alert,
  voice: voiceOf(alert, source.occasion),
  issued: epochMs(Date.parse(source.iat)),
  until: epochMs(Date.parse(alert.until)),
  dueAt: now,
  handedOver: false,
  fresh: true,
  begun: false,
  silentSince: now,
  unsetMs: 0,
  over: false,
})

const carryOn = (known: AlertEntry, entry: AlertEntry): AlertEntry => {
  const { dueAt: _due, ...rest } = entry
  const { handedOver, fresh, begun, silentSince, silenced, unsetMs, dueAt } = known
  // A later `until` brings an alert back that was over.
  return {
    ...rest,
    handedOver,
    fresh,
    begun,
    silentSince,
    unsetMs,
    ...(silenced === undefined ? {} : { silenced }),
    ...(dueAt === undefined ? {} : { dueAt }),
  }
}

const replaced = (book: AlertBook, entry: AlertEntry): AlertBook => new Map([...book, [entry.key, entry]])

const withoutDue = (entry: AlertEntry): AlertEntry => {
  const { dueAt: _due, silenced: _silenced, ...rest } = entry
  return rest
}

/** It was handed over to be sounded. */
export const takeDue = (book: AlertBook, key: string): AlertBook => {
  const entry = book.get(key)
  return entry === undefined ? book : replaced(book, { ...withoutDue(entry), handedOver: true })
}

/** What was handed over ahead of its instant was taken back. */
export const giveBack = (book: AlertBook, key: string, planned: EpochMs): AlertBook => {
  const entry = book.get(key)
  return entry === undefined ? book : replaced(book, { ...entry, handedOver: false, dueAt: planned })
}

/** Its siren or first word is in the air. */
export const noteBegun = (book: AlertBook, key: string): AlertBook => {
  const entry = book.get(key)
  return entry === undefined ? book : replaced(book, { ...entry, fresh: false, begun: true })
}

export type Sounding = {
  /** When it was due. */
  readonly planned: EpochMs
  /** When it began; undefined when it never did. */
  readonly startedAt?: EpochMs
  readonly endedAt: EpochMs
  /** The agent or playout died: it sounds again at once. */
  readonly interrupted: boolean
  /** Mute kept it from sounding. */
  readonly muted: boolean
}

/**
 * What was being sounded when the agent died is due now. The clock may have been set meanwhile: no repetition is further
 * away than its period.
 */
export function noteRestart(book: AlertBook, now: EpochMs): AlertBook {
  const near = new Map([...book].map(([key, entry]) => [key, withinItsPeriod(entry, now)]))
  const lost = inForce(near).filter(({ handedOver }) => handedOver)
  const cut = { planned: now, endedAt: now, interrupted: true, muted: false }
  return lost.reduce((current, { key }) => noteEnded(current, key, cut), near as AlertBook)
}

const withinItsPeriod = (entry: AlertEntry, now: EpochMs): AlertEntry => {
  const { dueAt, alert } = entry
  if (dueAt === undefined) return entry
  return { ...entry, dueAt: epochMs(Math.min(dueAt, now + (alert.repeatEverySeconds ?? 0) * 1000)) }
}

/** The wall clock jumped by `stepMs`: a repetition stays as far away as it was, and silence lasts as long as it did. */
export const moveBook = (book: AlertBook, stepMs: number): AlertBook =>
  new Map(
    [...book].map(([key, entry]) => {
      const { dueAt, silentSince } = entry
      const due = dueAt === undefined ? {} : { dueAt: epochMs(dueAt + stepMs) }
      return [key, { ...entry, ...due, silentSince: epochMs(silentSince + stepMs) }]
    }),
  )

/**
 * A sounding is over. With repeats the next is due one period after its start, or at its end if that is later; without,
 * it is due again only if it was interrupted, or never heard because of mute.
 */
export function noteEnded(book: AlertBook, key: string, sounding: Sounding): AlertBook {
  const entry = book.get(key)
  if (entry === undefined) return book
  const { startedAt, endedAt, planned, interrupted, muted } = sounding
  const silentSince = startedAt === undefined ? entry.silentSince : endedAt
  const period = entry.alert.repeatEverySeconds
  const heard = { ...withoutDue(entry), handedOver: false, silentSince }
  if (interrupted) return replaced(book, { ...heard, dueAt: endedAt })
  if (period === undefined)
    return replaced(
      book,
      muted && startedAt === undefined ? { ...heard, dueAt: endedAt, silenced: true } : heard,
    )
  const next = (startedAt ?? planned) + period * 1000
  return replaced(book, {
    ...heard,
    dueAt: epochMs(Math.max(next, startedAt === undefined ? next : endedAt)),
  })
}

/**
 * Those to be handed over now, the newest danger first. In mute one without repeats is handed over once, for its record.
 * `aheadMs`: a repetition is handed over so long before its instant, so that it is decoded by then and starts on it.
 */
export const duesAt = (
  book: AlertBook,
  now: EpochMs,
  muted: boolean,
  aheadMs: number,
): readonly AlertEntry[] =>
  inForce(book).filter(({ dueAt, until, silenced }) => {
    if (dueAt === undefined || (muted && silenced === true)) return false
    return dueAt <= now || (dueAt <= now + aheadMs && dueAt < until)
  })

/** Adds running time without a set clock, and tells which are over since the last look. */
export function ageBook(
  book: AlertBook,
  now: EpochMs,
  unset: boolean,
  elapsedMs: number,
): { readonly book: AlertBook; readonly ended: readonly string[] } {
  const aged = [...book.values()].map((entry) => {
    const older = unset ? { ...entry, unsetMs: entry.unsetMs + elapsedMs } : entry
    return { ...older, over: isOver(older, now, unset) }
  })
  const ended = aged.filter(({ key, over }) => over && book.get(key)?.over === false).map(({ key }) => key)
  return { book: new Map(aged.map((entry) => [entry.key, entry])), ended }
}

/** Alerts whose time is not up. */
export const inForce = (book: AlertBook): readonly AlertEntry[] =>
  [...book.values()].filter(({ over }) => !over)

/** From its first sounding until it is over, an alert with repeats keeps everything else silent. */
export const holdsOutput = (book: AlertBook): boolean =>
  inForce(book).some(({ begun, alert }) => begun && alert.repeatEverySeconds !== undefined)
