import type { Readiness } from '../core/arbiter/programme.ts'
import type { Clip } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import type { Alert, DayRange } from '../core/documents.ts'
import { quietAt } from '../core/policy/quiet-hours.ts'
import { contention } from '../core/schedule/contention.ts'
import { itemSeconds, type SoundFrames } from '../core/schedule/duration.ts'
import { type Item, isSignOnly } from '../core/schedule/item.ts'
import { type Occurrence, occurrenceId, plan } from '../core/schedule/plan.ts'
import type { Zone } from '../core/schedule/zone.ts'
import type { SpeechPart } from '../core/speech/spoken-parts.ts'
import type { Conflict, NextItem, PlannedItem } from '../core/status.ts'
import { type EpochMs, epochMs, isoUtc } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Dispatcher } from './dispatch.ts'
import { type Content, idOf, type Utterance, type WantedMedia } from './library-types.ts'
import type { DueStream } from './streams/stream-watch.ts'

export type GuideOptions = {
  readonly clock: Clock
  readonly zone: Zone
  readonly dispatcher: Dispatcher
  readonly soundFrames: SoundFrames
  readonly readinessOf: (item: Item) => Readiness
  readonly quietHours: () => readonly DayRange[]
  readonly utter: (speech: SpeechPart, language: string | undefined) => Utterance
  /** Alerts in force: what they need is needed now. */
  /** In force, or to be ready for. */
  readonly alerts: () => readonly { readonly alert: Pick<Alert, 'id' | 'parts' | 'sign'> }[]
  /** Items that sound or wait: theirs must not be evicted, however long ago they began. */
  readonly held: () => readonly Item[]
  readonly muted: () => boolean
  /** Whether the first URL of a stream answered when it was asked last; undefined while it was not asked. */
  readonly streamAnswers?: (url: string) => boolean | undefined
}

const DAY_MS = 86_400_000
const NEXT_WITHIN_DAYS = 8
const NEXT_KEPT = 10
const MEDIA_LOOK_AHEAD_DAYS = [2, 9, 40]

type Armed = { readonly armed: boolean; readonly reason?: ReasonCode }

/** What the plan holds for people to read and for media to be fetched by. */
export class Guide {
  readonly #options: GuideOptions
  #kept:
    | { readonly items: readonly Item[]; readonly at: EpochMs; readonly occurrences: readonly Occurrence[] }
    | undefined

  constructor(options: GuideOptions) {
    this.#options = options
  }

  /** The next occurrences, soonest first, at most 10. */
  next(count: number): readonly NextItem[] {
    return this.#soonest()
      .slice(0, count)
      .map(({ item, planned }) => ({
        item: item.id,
        ...(item.title === undefined ? {} : { title: item.title }),
        at: isoUtc(planned),
        ...this.#armed(item),
      }))
  }

  /** Everything planned from now on, with what policy and contention will do to it. */
  days(days: number): {
    readonly from: EpochMs
    readonly until: EpochMs
    readonly items: readonly PlannedItem[]
  } {
    const { clock, soundFrames } = this.#options
    const from = clock.wall()
    const occurrences = this.#within(from, days)
    // What policy keeps silent is in nobody's way.
    const sounding = occurrences.filter(({ item, planned }) => this.#refused(item, planned) === undefined)
    const against = contention(sounding, soundFrames)
    return {
      from,
      until: epochMs(from + days * DAY_MS),
      items: occurrences.map((occurrence) =>
        this.#describe(occurrence, against.get(occurrenceId(occurrence.item, occurrence.planned))),
      ),
    }
  }

  /** Streams of the next occurrences, soonest first. */
  dueStreams(): readonly DueStream[] {
    return this.#soonest().flatMap(({ item, planned }) =>
      item.parts.flatMap((part) => ('stream' in part ? [{ ...part.stream, at: planned }] : [])),
    )
  }

  /** Every file and spoken text that items in force need, in order of need. */
  wantedMedia(): readonly WantedMedia[] {
    const { clock, dispatcher, zone, alerts, held } = this.#options
    const longest = Math.max(0, ...dispatcher.items.map((item) => item.late.withinSeconds * 1000))
    const wanted = new Map<string, WantedMedia>()
    const want = (item: Sounding, language: string | undefined, neededAt: EpochMs): void => {
      for (const content of this.#contentOf(item, language))
        if (!wanted.has(idOf(content))) wanted.set(idOf(content), { ...content, neededAt, neededBy: item.id })
    }
    for (const { alert } of alerts()) want(alert, undefined, clock.wall())
    for (const item of held()) want(item, item.language, clock.wall())
    let from = epochMs(clock.wall() - longest)
    // Near days first, and later ones only for items that had no turn yet: a daily item needs no month of planning.
    let unmet = dispatcher.items.filter(hasContent)
    for (const days of MEDIA_LOOK_AHEAD_DAYS) {
      const until = epochMs(clock.wall() + days * DAY_MS)
      const met = new Set<Item>()
      for (const { item, planned } of plan(unmet, zone, from, until)) {
        met.add(item)
        want(item, item.language, planned)
      }
      unmet = unmet.filter((item) => !met.has(item))
      from = until
    }
    return [...wanted.values()]
  }

  #contentOf(item: Sounding, language: string | undefined): readonly Content[] {
    const { utter } = this.#options
    return [
      ...(item.parts ?? []).flatMap((part): readonly Content[] => {
        if ('audio' in part) return [{ ref: part.audio }]
        return 'speech' in part ? [{ utterance: utter(part.speech, language) }] : []
      }),
      ...(item.sign?.pages ?? []).flatMap((page) => ('image' in page ? [{ ref: page.image }] : [])),
    ]
  }

  /** Asked for every second, and planning anew costs: kept until the first of them is due or the items change. */
  #soonest(): readonly Occurrence[] {
    const now = this.#options.clock.wall()
    const { items } = this.#options.dispatcher
    const kept = this.#kept
    const [first] = kept?.occurrences ?? []
    if (
      kept?.items === items &&
      now >= kept.at &&
      now <= Math.min(first?.planned ?? kept.at + DAY_MS, kept.at + DAY_MS)
    )
      return kept.occurrences
    const occurrences = this.#within(now, NEXT_WITHIN_DAYS).slice(0, NEXT_KEPT)
    this.#kept = { items, at: now, occurrences }
    return occurrences
  }

  #within(from: EpochMs, days: number): readonly Occurrence[] {
    return this.#options.dispatcher.planned(from, epochMs(from + days * DAY_MS))
  }

  #armed(item: Item): Armed {
    const readiness = this.#options.readinessOf(item)
    switch (readiness.state) {
      case 'ready':
        return readiness.fault === undefined
          ? this.#streamsArmed(readiness.clip)
          : { armed: false, reason: readiness.fault }
      case 'awaiting':
        return { armed: false, reason: 'NO_MEDIA' }
      case 'excluded':
        return { armed: false, reason: readiness.reason }
    }
  }

  /** A stream is armed when its first URL answers; one that was not asked yet is not armed, and nothing is wrong with it. */
  #streamsArmed({ segments }: Clip): Armed {
    const { streamAnswers = () => true } = this.#options
    const answers = segments.flatMap((segment) =>
      segment.kind === 'stream' ? [streamAnswers(segment.urls[0] ?? '')] : [],
    )
    if (answers.includes(false)) return { armed: false, reason: 'STREAM' }
    return { armed: !answers.includes(undefined) }
  }

  #describe({ item, planned }: Occurrence, conflict: Conflict | undefined): PlannedItem {
    const refused = this.#refused(item, planned)
    return {
      planned: isoUtc(planned),
      item: item.id,
      ...(item.title === undefined ? {} : { title: item.title }),
      document: item.document,
      class: item.class,
      tier: item.tier,
      seconds: itemSeconds(item, this.#options.soundFrames),
      ...this.#armed(item),
      ...(item.former === undefined
        ? {}
        : { former: { until: isoUtc(item.former.until), twin: item.former.twin } }),
      ...(isSignOnly(item) ? { signOnly: true } : {}),
      ...(conflict === undefined ? {} : { conflictWith: conflict.with, conflict }),
      ...(refused === undefined ? {} : { refused }),
    }
  }

  #refused(item: Item, planned: EpochMs): ReasonCode | undefined {
    const { readinessOf, quietHours, zone, muted } = this.#options
    const readiness = readinessOf(item)
    if (readiness.state === 'excluded' && readiness.result === 'skipped') return readiness.reason
    if (isSignOnly(item)) return undefined
    if (muted()) return 'MUTED'
    return quietAt(quietHours(), zone, planned) ? 'QUIET_HOURS' : undefined
  }
}

type Sounding = Pick<Item | Alert, 'id' | 'parts' | 'sign'>

const hasContent = (item: Sounding): boolean =>
  (item.parts ?? []).some((part) => 'audio' in part || 'speech' in part) ||
  (item.sign?.pages ?? []).some((page) => 'image' in page)
