import { isCalm, meaningOf, type TellingRole } from '../core/contact/meaning.ts'
import type { Facts } from '../ports/state-store.ts'
import type { Condition } from './condition.ts'
import type { ContactReading } from './contact-watch.ts'

export type ContactState = 'open' | 'closed' | 'fault'

const FACT = 'contacts.told'
const TREMBLES = 'it trembles: a loose wire, water, or a debounceMs that is too short'

/** What contacts say of the device: problems, events at every change, across restarts too, and power. */
export class ContactReports {
  readonly #condition: Condition
  readonly #facts: Facts
  /** How each was when it was told last. */
  readonly #told: Map<string, boolean>
  readonly #readings = new Map<string, ContactReading>()

  constructor(condition: Condition, facts: Facts) {
    this.#condition = condition
    this.#facts = facts
    const remembered: readonly (readonly [string, boolean])[] = JSON.parse(facts.get(FACT) ?? '[]')
    this.#told = new Map(remembered)
  }

  /** Every contact that was read, or cannot be. */
  get states(): Readonly<Record<string, ContactState>> {
    const known = [...this.#readings.values()].filter(
      ({ active, fault }) => fault !== undefined || active !== undefined,
    )
    return Object.fromEntries(known.map((reading) => [reading.input.id, stateOf(reading)]))
  }

  /** Whether there is mains; undefined where no contact says so. */
  get mains(): boolean | undefined {
    const known = [...this.#readings.values()].flatMap(({ input, active }) =>
      input.role === 'mains' && active !== undefined ? [active] : [],
    )
    return known.length === 0 ? undefined : known.every((active) => active)
  }

  reading(reading: ContactReading): void {
    const { input, active, fault, trembles } = reading
    this.#readings.set(input.id, reading)
    this.#condition.contact(input.id, fault ?? (trembles ? TREMBLES : undefined))
    // One that trembles has said so; what it says beside that would fill the outbox.
    if (input.role !== 'emergency' && active !== undefined && !trembles)
      this.#tell(input.id, input.role, active)
  }

  #tell(id: string, role: TellingRole, active: boolean): void {
    const { problem, event, severity } = meaningOf(role, active)
    this.#condition.says(id, problem && { code: problem, detail: id })
    const before = this.#told.get(id)
    if (active === before || (before === undefined && isCalm(role, active))) return
    this.#condition.event(event, severity, { source: `contact ${id}`, state: problem ? 'fault' : 'ok' })
    this.#told.set(id, active)
    this.#facts.set(FACT, JSON.stringify([...this.#told]))
  }
}

const stateOf = ({ active, fault }: ContactReading): ContactState => {
  if (fault !== undefined) return 'fault'
  return active === true ? 'closed' : 'open'
}
