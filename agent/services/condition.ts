import type { Code } from '../core/codes.ts'
import { gravestFirst } from '../core/health/level.ts'
import type { EventBody, EventSeverity } from '../core/records.ts'
import type { Problem } from '../core/status.ts'
import { isoUtc } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { AmplifierState, PlayoutReport } from '../ports/playout.ts'
import type { SignHealth } from '../ports/signboard.ts'

export type ConditionOptions = {
  readonly clock: Clock
  readonly amplifiers: readonly string[]
  readonly emit: (event: EventBody) => void
  /** Problems that others find out at the moment of asking. */
  readonly further: () => readonly Problem[]
}

/** With these it sounds all the same. */
const LESSER: ReadonlySet<Code> = new Set<Code>([
  'CREDENTIALS',
  'CONTACT',
  'CAPTURE',
  'MODEM',
  'DNS',
  'CAPTIVE_PORTAL',
  'NO_INTERNET',
])

/** What works and what does not: standing problems with what the component said, events at every change. */
export class Condition {
  readonly #options: ConditionOptions
  readonly #standing = new Map<string, Problem>()
  readonly #amplifiers: Map<string, AmplifierState>
  #soundDevice: 'ok' | 'fault' | undefined
  #playoutDown = false

  constructor(options: ConditionOptions) {
    this.#options = options
    this.#amplifiers = new Map(options.amplifiers.map((id) => [id, 'off']))
  }

  get amplifiers(): Readonly<Record<string, AmplifierState>> {
    return Object.fromEntries(this.#amplifiers)
  }

  /** What playout said of the sound device last; undefined until it was opened once. */
  get soundDevice(): 'ok' | 'fault' | undefined {
    return this.#soundDevice
  }

  /** Gravest first, each code once. */
  get problems(): readonly Problem[] {
    const all = [...this.#standing.values(), ...this.#options.further()]
    return gravestFirst(all.map(({ code }) => code)).flatMap(
      (code) => all.find((problem) => problem.code === code) ?? [],
    )
  }

  report(report: PlayoutReport): void {
    if (report.kind === 'amplifier') {
      this.#amplifiers.set(report.id, report.state)
      const { code = 'AMPLIFIER_STUCK', message = report.id } = report.fault ?? {}
      this.#stand(`amplifier ${report.id}`, report.state === 'stuck' ? { code, detail: message } : undefined)
    }
    if (report.kind === 'device') {
      this.#soundDevice = report.ok ? 'ok' : 'fault'
      this.#stand('device', report.ok ? undefined : { code: 'AUDIO_DEVICE', detail: report.message })
    }
    if (report.kind === 'capture')
      this.#stand('capture', report.ok ? undefined : { code: 'CAPTURE', detail: report.message })
    if (report.kind === 'process') this.#playout(report.up, report.message)
  }

  /** That it died is no problem when it comes back at once; that it died again before it was up is one. */
  #playout(up: boolean, message: string): void {
    this.#soundDevice = undefined
    if (!up) for (const id of this.#amplifiers.keys()) this.#amplifiers.set(id, 'off')
    if (up) this.#stand('playout', undefined)
    else if (this.#playoutDown) this.#stand('playout', { code: 'AUDIO_DEVICE', detail: message })
    this.#playoutDown = !up
  }

  sign(id: string, health: SignHealth): void {
    this.#stand(`sign ${id}`, health.ok ? undefined : { code: 'SIGN', detail: `${id}: ${health.message}` })
  }

  /** Why a contact tells nothing that can be believed; undefined when it does. */
  contact(id: string, fault: string | undefined): void {
    this.#stand(
      `contact ${id}`,
      fault === undefined ? undefined : { code: 'CONTACT', detail: `${id}: ${fault}` },
    )
  }

  /** What a contact or a sensor says is the matter. Its events are told by whoever knows what was told before a restart. */
  says(source: string, problem: Problem | undefined): void {
    if (problem === undefined) this.#standing.delete(`said by ${source}`)
    else this.#standing.set(`said by ${source}`, problem)
  }

  /** What is not plugged in; its events are told by whoever counts them. */
  unplugged(adapter: string, problem: Problem | undefined): void {
    if (problem === undefined) this.#standing.delete(`adapter ${adapter}`)
    else this.#standing.set(`adapter ${adapter}`, problem)
  }

  /** Why it must be thought that nothing is heard of what is played; undefined when it is. Its events are told by whoever finds that. */
  hearing(doubt: string | undefined): void {
    if (doubt === undefined) this.#standing.delete('hearing')
    else this.#standing.set('hearing', { code: 'NOT_HEARD', detail: doubt })
  }

  /** Another client uses the id of this device; `told` says by what it is known. */
  session(told: string | undefined): void {
    this.#stand('session', told === undefined ? undefined : { code: 'SESSION_TAKEN', detail: told })
  }

  /** What is wrong with certificates, keys and passwords; undefined when nothing is. */
  credentials(fault: string | undefined): void {
    this.#stand('credentials', fault === undefined ? undefined : { code: 'CREDENTIALS', detail: fault })
  }

  /** Why a modem carries nothing; undefined when nothing is the matter. */
  modem(fault: string | undefined): void {
    this.#stand('modem', fault === undefined ? undefined : { code: 'MODEM', detail: fault })
  }

  /** What of the network keeps the broker away; undefined when nothing does. */
  way(problem: Problem | undefined): void {
    this.#stand('way', problem)
  }

  event(code: Code, severity: EventSeverity, data: EventBody['data']): void {
    this.#options.emit({ at: isoUtc(this.#options.clock.wall()), code, severity, data })
  }

  /** A problem begins, changes or ends; beginning and end are events. */
  #stand(source: string, problem: Problem | undefined): void {
    const before = this.#standing.get(source)
    if (problem === undefined) this.#standing.delete(source)
    else this.#standing.set(source, problem)
    if (before?.code === problem?.code) return
    const told = problem ?? before
    if (told === undefined) return
    const data = {
      source,
      state: problem ? 'fault' : 'ok',
      ...(problem?.detail ? { message: problem.detail } : {}),
    }
    const begun = LESSER.has(told.code) ? 'warning' : 'alarm'
    this.event(told.code, problem ? begun : 'info', data)
  }
}
