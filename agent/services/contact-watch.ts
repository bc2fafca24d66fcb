import type { InputConfig } from '../core/configuration.ts'
import { pressedAtMs } from '../core/contact/pressed.ts'
import { type ContactState, heard, nextLookMs, settled, UNREAD, unread } from '../core/contact/settling.ts'
import type { MonoMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { ContactHandlers } from '../ports/contacts.ts'

/** How a contact is, as far as it is known. */
export type ContactReading = {
  readonly input: InputConfig
  /** Closed, in words of its role: undefined until it and its key switch were read. */
  readonly active: boolean | undefined
  /** Of an emergency contact: closed for as long as it must be, with its key switch turned. */
  readonly pressed: boolean
  /** Of an emergency contact: its key switch is there and not turned. */
  readonly locked: boolean
  readonly trembles: boolean
  /** Why it cannot be read. */
  readonly fault: string | undefined
}

export type ContactWatchOptions = {
  readonly clock: Clock
  readonly inputs: readonly InputConfig[]
  /** Called in the turn in which a reading changed. */
  readonly onReading: (reading: ContactReading) => void
}

const KEY = '/key'
/** Under which the key switch of a contact is watched. */
export const keyName = (input: string): string => `${input}${KEY}`

type Line = { state: ContactState; fault: string | undefined }
type Watched = {
  readonly input: InputConfig
  readonly line: Line
  readonly key: Line | undefined
  told: string
}

const newLine = (): Line => ({ state: UNREAD, fault: undefined })

/** Lets the levels of all contacts settle, and tells what each has come to. Waits only while something may come true. */
export class ContactWatch {
  readonly #options: ContactWatchOptions
  readonly #watched: readonly Watched[]
  #wake = new AbortController()

  constructor(options: ContactWatchOptions) {
    this.#options = options
    this.#watched = options.inputs.map((input) => ({
      input,
      line: newLine(),
      key: input.keySwitch === undefined ? undefined : newLine(),
      told: '',
    }))
  }

  /** What the driver tells. */
  readonly handlers: ContactHandlers = {
    onLevel: (name, active) => {
      const line = this.#lineOf(name)
      if (line === undefined) return
      line.state = heard(line.state, active, this.#options.clock.mono())
      this.#look()
    },
    onFault: (name, message) => {
      const line = this.#lineOf(name)
      if (line === undefined) return
      line.fault = message
      if (message !== undefined) line.state = unread(line.state)
      this.#look()
    },
  }

  /** Runs until aborted: comes back to contacts that may settle by themselves. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    while (!signal.aborted) {
      this.#wake = new AbortController()
      const now = clock.mono()
      this.#tell(now)
      const wait = Math.max(0, this.#dueAfter(now) - clock.mono())
      await clock
        .sleep(Math.min(wait, 60_000), AbortSignal.any([signal, this.#wake.signal]))
        .catch(() => undefined)
    }
  }

  #look(): void {
    this.#tell(this.#options.clock.mono())
    this.#wake.abort()
  }

  #lineOf(name: string): Line | undefined {
    const byKey = name.endsWith(KEY)
    const id = byKey ? name.slice(0, -KEY.length) : name
    const watched = this.#watched.find(({ input }) => input.id === id)
    return byKey ? watched?.key : watched?.line
  }

  #tell(now: MonoMs): void {
    for (const watched of this.#watched) {
      for (const line of [watched.line, watched.key])
        if (line !== undefined) line.state = settled(line.state, watched.input.debounceMs, now)
      const { input, ...reading } = readingOf(watched, now)
      const told = JSON.stringify(reading)
      if (told === watched.told) continue
      watched.told = told
      this.#options.onReading({ input, ...reading })
    }
  }

  /** `now`: by which it was told. What has come due meanwhile must not be passed over: it would be heard a minute late. */
  #dueAfter(now: MonoMs): number {
    return Math.min(...this.#watched.flatMap((watched) => duesOf(watched).filter((due) => due > now)))
  }
}

const pressedAt = ({ input, line, key }: Watched): number | undefined =>
  input.role === 'emergency' ? pressedAtMs(line.state, key?.state, input.holdMs ?? 0) : undefined

const readingOf = (watched: Watched, now: number): ContactReading => {
  const { input, line, key } = watched
  const at = pressedAt(watched)
  return {
    input,
    active: key !== undefined && key.state.active === undefined ? undefined : line.state.active,
    pressed: at !== undefined && at <= now,
    locked: key?.state.active === false,
    trembles: line.state.trembles || key?.state.trembles === true,
    fault: line.fault ?? key?.fault,
  }
}

const duesOf = (watched: Watched): readonly number[] =>
  [
    nextLookMs(watched.line.state, watched.input.debounceMs),
    watched.key && nextLookMs(watched.key.state, watched.input.debounceMs),
    pressedAt(watched),
  ].filter((due) => due !== undefined)
