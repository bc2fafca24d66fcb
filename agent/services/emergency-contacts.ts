import type { AlertSource } from '../core/alert/book.ts'
import type { ContactLasting } from '../core/contact/contact-alert.ts'
import type { Alert } from '../core/documents.ts'
import { type EpochMs, epochMs, isoUtc } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Facts } from '../ports/state-store.ts'
import type { Condition } from './condition.ts'
import type { ContactReading } from './contact-watch.ts'

export type EmergencyContactsOptions = {
  readonly clock: Clock
  readonly facts: Facts
  readonly condition: Pick<Condition, 'event' | 'says'>
  /** Of this device. */
  readonly area: string
  /** Ids of the emergency contacts of the board. */
  readonly inputs: readonly string[]
  /** What a contact starts. */
  readonly alertOf: (input: string) => Omit<Alert, 'until'> & ContactLasting
  /** `sources` changed: to be acted on before this returns. */
  readonly onChange: () => void
}

/** One closing of a contact, from its beginning on. Times that decide are of the monotonic clock. */
type Press = {
  readonly at: EpochMs
  readonly atMono: number
  readonly endsMono: number
  /** It is closed still, or has been since it was over. */
  readonly held: boolean
}
/** What is remembered of one. `until` is wall time. */
type Note = readonly [input: string, at: EpochMs, until: EpochMs, held: boolean]

const FACT = 'contacts.presses'
/** The wall clock was set, not corrected. */
const STEP_MS = 500

/**
 * Makes alerts of emergency contacts: in force while the contact is closed, and so long after it was closed as its
 * configuration says. Turning its key switch back ends it at once. A contact that stays closed is an alert once.
 */
export class EmergencyContacts {
  readonly #options: EmergencyContactsOptions
  readonly #presses = new Map<string, Press>()
  readonly #refused = new Set<string>()
  #wallLead: number

  constructor(options: EmergencyContactsOptions) {
    this.#options = options
    this.#wallLead = this.#lead()
    const notes: readonly Note[] = JSON.parse(options.facts.get(FACT) ?? '[]')
    for (const note of notes) if (options.inputs.includes(note[0])) this.#remember(note)
  }

  /** As alert documents, to be joined with those of the three areas. */
  get sources(): readonly AlertSource[] {
    const { alertOf, area } = this.#options
    return [...this.#presses].map(([input, { at, endsMono }]) => {
      const { forSeconds: _for, mostSeconds: _most, ...alert } = alertOf(input)
      const iat = isoUtc(at)
      const until = isoUtc(epochMs(endsMono + this.#lead()))
      return { document: 'contact', area, rev: 0, iat, occasion: iat, alerts: [{ ...alert, until }] }
    })
  }

  reading(reading: ContactReading): void {
    const { input, active, pressed, locked } = reading
    if (input.role !== 'emergency' || active === undefined) return
    const press = this.#presses.get(input.id)
    if (pressed) this.#close(input.id, press)
    else if (press !== undefined && locked) this.#cancel(input.id)
    else if (press?.held === true && !active) this.#open(input.id, press)
    this.#tellRefused(input.id, active && locked)
  }

  /** Its end is so long after its beginning whatever the wall clock says. */
  tick(): void {
    const now = this.#options.clock.mono()
    for (const [input, { held, endsMono }] of this.#presses) this.#stuck(input, held && now >= endsMono)
    const lead = this.#lead()
    if (Math.abs(lead - this.#wallLead) <= STEP_MS) return
    this.#wallLead = lead
    if (this.#presses.size > 0) this.#options.onChange()
  }

  #close(input: string, press: Press | undefined): void {
    if (press?.held === true) return
    const { clock, alertOf } = this.#options
    const now = clock.mono()
    const inForce = press !== undefined && now < press.endsMono
    const begun = inForce ? press : { at: clock.wall(), atMono: now }
    this.#set(input, { ...begun, endsMono: begun.atMono + 1000 * alertOf(input).mostSeconds, held: true })
    this.#event(input, 'alarm', 'closed')
  }

  #open(input: string, press: Press): void {
    const { clock, alertOf } = this.#options
    const least = press.atMono + 1000 * alertOf(input).forSeconds
    const endsMono = Math.min(press.endsMono, Math.max(least, clock.mono()))
    this.#set(input, { ...press, endsMono, held: false })
    this.#event(input, 'info', 'open')
  }

  /** A button that stays closed gives no alarm any more. */
  #stuck(input: string, stuck: boolean): void {
    this.#options.condition.says(input, stuck ? { code: 'EMERGENCY_CONTACT', detail: input } : undefined)
  }

  #cancel(input: string): void {
    this.#presses.delete(input)
    this.#stuck(input, false)
    this.#changed()
    this.#event(input, 'info', 'locked')
  }

  #tellRefused(input: string, refused: boolean): void {
    if (refused && !this.#refused.has(input)) this.#event(input, 'warning', 'refused')
    if (refused) this.#refused.add(input)
    else this.#refused.delete(input)
  }

  #set(input: string, press: Press): void {
    this.#presses.set(input, press)
    this.#changed()
  }

  /** Sound first, then the disk. */
  #changed(): void {
    this.#options.onChange()
    const notes: readonly Note[] = [...this.#presses].map(([input, { at, endsMono, held }]) => [
      input,
      at,
      epochMs(endsMono + this.#lead()),
      held,
    ])
    this.#options.facts.set(FACT, JSON.stringify(notes))
  }

  /** Time without power counts as far as the wall clock knows of it, and never prolongs. */
  #remember([input, at, until, held]: Note): void {
    const { clock, alertOf } = this.#options
    const left = Math.min(until - clock.wall(), 1000 * alertOf(input).mostSeconds)
    const endsMono = clock.mono() + Math.max(0, left)
    this.#presses.set(input, { at, atMono: endsMono - (until - at), endsMono, held })
  }

  #event(input: string, severity: 'alarm' | 'warning' | 'info', state: string): void {
    this.#options.condition.event('EMERGENCY_CONTACT', severity, { source: `contact ${input}`, state })
  }

  #lead(): number {
    const { clock } = this.#options
    return clock.wall() - clock.mono()
  }
}
