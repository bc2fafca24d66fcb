import {
  type AlertBook,
  type AlertEntry,
  type AlertSource,
  ageBook,
  duesAt,
  giveBack,
  holdsOutput,
  inForce,
  moveBook,
  noteBegun,
  noteEnded,
  noteRestart,
  takeDue,
  updateBook,
} from '../core/alert/book.ts'
import { alertSound } from '../core/alert/clip.ts'
import { alertItem } from '../core/alert/item.ts'
import type { AsRun, Programme, Readiness } from '../core/arbiter/programme.ts'
import type { AudioRef } from '../core/documents.ts'
import type { Outcome } from '../core/record/playback.ts'
import type { SoundFrames } from '../core/schedule/duration.ts'
import type { DeviceScope } from '../core/schedule/item.ts'
import type { MediaVerdict } from '../core/schedule/lay-out.ts'
import { occurrenceId } from '../core/schedule/plan.ts'
import { type SpokenAs, spokenParts } from '../core/speech/spoken-parts.ts'
import type { EpochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Facts } from '../ports/state-store.ts'
import type { PlayService } from './play.ts'
import type { SignControl } from './sign-control.ts'
import type { TimeKeeper } from './time-keeper.ts'

export type AlertServiceOptions = {
  readonly clock: Clock
  readonly time: TimeKeeper
  readonly play: PlayService
  readonly signs: SignControl
  readonly facts: Facts
  /** The alert documents in force, and the contacts that somebody closed. */
  readonly sources: () => readonly AlertSource[]
  readonly scope: () => DeviceScope
  readonly amplifiers: readonly string[]
  readonly media: (audio: AudioRef) => MediaVerdict
  readonly soundFrames: SoundFrames
  readonly spokenAs: SpokenAs
  /** A repetition is handed over so long ahead. */
  readonly armMs: number
}

const FACT = 'alerts.book'
const SAVE_EVERY_MS = 60_000

/**
 * Keeps the alerts in force sounding: hands each one that is due to the play service, which lets it over everything,
 * and keeps its pages on the signs until it is over. Nothing here waits for a disk before sound.
 */
export class AlertService {
  readonly #options: AlertServiceOptions
  #book: AlertBook = new Map()
  #savedAt = Number.NEGATIVE_INFINITY
  #tickedAt: number

  constructor(options: AlertServiceOptions) {
    this.#options = options
    this.#tickedAt = options.clock.mono()
    options.play.observe({
      began: (programme) => this.#began(programme),
      recorded: (programme, asRun, outcome) => this.#recorded(programme, asRun, outcome),
    })
  }

  /** Alerts whose time is not up, with what they need. */
  get inForce(): readonly AlertEntry[] {
    return inForce(this.#book)
  }

  /** What was in force when the agent stopped goes on where it was; a sounding that was cut short begins at once. */
  begin(): void {
    this.#book = noteRestart(readBook(this.#options.facts.get(FACT)), this.#options.clock.wall())
    this.replace()
  }

  /** The alert documents in force, or the contacts, changed: acted on before this returns. */
  replace(): void {
    const { clock, play, sources, scope } = this.#options
    const at = clock.wall()
    const { book, withdrawn } = updateBook(this.#book, sources(), scope(), at)
    const gone = play.held.filter(({ item }) => withdrawn.includes(`${item.document}/${item.id}`))
    this.#book = book
    play.apply({ kind: 'withdraw', at, keys: [...gone, ...this.#takeBack()].map(({ key }) => key) })
    for (const key of withdrawn) this.#hidePages(key)
    this.tick()
    this.#showPages()
    this.#save()
  }

  /** Sounds what is due, ends what is over; called every second and after each change. */
  tick(): void {
    const { clock, time, play, armMs } = this.#options
    const at = clock.wall()
    const elapsedMs = clock.mono() - this.#tickedAt
    this.#tickedAt = clock.mono()
    const { book, ended } = ageBook(this.#book, at, time.state === 'unset', elapsedMs)
    this.#book = book
    for (const key of ended) this.#hidePages(key)
    // While muted or without a clock nobody knows yet what will be true at its instant.
    const aheadMs = play.muted || time.state === 'unset' ? 0 : armMs
    const dues = duesAt(book, at, play.muted, aheadMs)
    for (const entry of dues) this.#sound(entry, at)
    this.#tellReadiness(at)
    play.apply({ kind: 'hold', at, on: holdsOutput(this.#book) })
    if (dues.length > 0 || clock.mono() - this.#savedAt >= SAVE_EVERY_MS) this.#save()
  }

  /** Alerts sound from start to start whatever the clock is set to. */
  clockStepped(stepMs: number): void {
    this.#book = moveBook(this.#book, stepMs)
    this.#save()
  }

  /** Repetitions that were handed over for an instant at which their alert will be over by now. */
  #takeBack(): readonly Programme[] {
    const late = this.#options.play.held.filter((programme) => {
      const entry = programme.alert && this.#book.get(entryKey(programme))
      return entry !== undefined && programme.planned >= entry.until
    })
    for (const programme of late) this.#book = giveBack(this.#book, entryKey(programme), programme.planned)
    return late
  }

  /** The words of an alert may come while its siren sounds. */
  #tellReadiness(at: EpochMs): void {
    const { play } = this.#options
    for (const programme of play.held) {
      const entry = programme.alert && this.#book.get(entryKey(programme))
      if (entry !== undefined)
        play.apply({ kind: 'readiness', at, key: programme.key, readiness: this.#readiness(entry) })
    }
  }

  /** It is not new any more. */
  #began(programme: Programme): void {
    if (programme.alert === undefined) return
    this.#book = noteBegun(this.#book, entryKey(programme))
    this.tick()
  }

  #recorded(programme: Programme, asRun: AsRun, outcome: Outcome): void {
    if (programme.alert === undefined) return
    const { startedAt, endedAt } = asRun
    this.#book = noteEnded(this.#book, entryKey(programme), {
      planned: programme.planned,
      ...(startedAt === undefined ? {} : { startedAt }),
      endedAt: endedAt ?? this.#options.clock.wall(),
      interrupted: outcome.result === 'interrupted',
      muted: 'reason' in outcome && outcome.reason === 'MUTED',
    })
    this.#save()
  }

  #sound(entry: AlertEntry, at: EpochMs): void {
    const { play } = this.#options
    // What mute kept silent has had a record for when it was due.
    const planned = entry.silenced === true ? at : (entry.dueAt ?? at)
    const item = alertItem(entry, planned)
    const test = entry.alert.event === 'test'
    this.#book = takeDue(this.#book, entry.key)
    play.apply({
      kind: 'arm',
      at,
      programme: {
        key: occurrenceId(item, planned),
        item,
        planned,
        obeysQuietHours: test,
        missedReason: 'LATE',
        alert: { severity: entry.alert.severity, fresh: entry.fresh, silentSince: entry.silentSince, test },
      },
      readiness: this.#readiness(entry),
    })
  }

  #readiness({ alert }: AlertEntry): Readiness {
    const { media, soundFrames, spokenAs, amplifiers } = this.#options
    const parts = spokenParts(alert.parts ?? [], undefined, spokenAs)
    const { segments, fault } = alertSound({ ...alert, parts }, media, soundFrames)
    const clip = { id: '', segments, amplifiers, gainDb: 0 }
    return { state: 'ready', clip, limited: false, ...(fault === undefined ? {} : { fault }) }
  }

  /** Pages stand from the first moment to the last, whether the alert sounds, waits or is silenced. */
  #showPages(): void {
    for (const { key, alert } of this.inForce)
      if (alert.sign !== undefined) this.#options.signs.show(key, alert.sign, 'alert', 'emergency')
  }

  #hidePages(key: string): void {
    this.#options.signs.clear(key)
  }

  #save(): void {
    this.#savedAt = this.#options.clock.mono()
    this.#options.facts.set(FACT, JSON.stringify([...this.#book.values()]))
  }
}

const entryKey = ({ item }: Programme): string => `${item.document}/${item.id}`

/** What `#save` wrote. Without it every alert in force counts as new and sounds: better twice than never. */
function readBook(text: string | undefined): AlertBook {
  const entries: readonly AlertEntry[] = text === undefined ? [] : JSON.parse(text)
  return new Map(entries.map((entry) => [entry.key, entry]))
}
