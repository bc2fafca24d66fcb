import type { ContactAlert, InputConfig } from '../../../agent/core/configuration.ts'
import { contactAlert } from '../../../agent/core/contact/contact-alert.ts'
import type { AlertDocument } from '../../../agent/core/documents.ts'
import { SOUND_FRAMES } from '../../../agent/core/sound/built-in.ts'
import { AlertService } from '../../../agent/services/alerts.ts'
import { Condition } from '../../../agent/services/condition.ts'
import { ContactWatch, keyName } from '../../../agent/services/contact-watch.ts'
import { EmergencyContacts } from '../../../agent/services/emergency-contacts.ts'
import { at, Station } from '../dispatch/station.ts'

type Guard = {
  readonly alerts: AlertService
  readonly emergency: EmergencyContacts
  readonly watch: ContactWatch
  readonly condition: Condition
}

/** A station with one emergency contact, `alarm`. Ten seconds of siren make one sounding unless it is configured otherwise. */
export class GuardedStation extends Station {
  readonly input: InputConfig
  readonly configured: ContactAlert
  alerts: AlertDocument['alerts'] = []
  /** As somebody's hands have left them. */
  readonly hands = new Map<string, boolean>()
  #guard: Guard | undefined
  #stop = new AbortController()

  constructor(input: Partial<InputConfig> = {}, configured: Partial<ContactAlert> = {}) {
    super()
    const wired = { driver: 'virtual', level: '/run/alarm' } as const
    this.input = { id: 'alarm', role: 'emergency', debounceMs: 50, ...wired, ...input } as InputConfig
    this.configured = { input: 'alarm', siren: { onSeconds: 10, offSeconds: 0, cycles: 1 }, ...configured }
    this.hands.set('alarm', false)
    if (this.input.keySwitch !== undefined) this.hands.set(keyName('alarm'), false)
  }

  get guard(): Guard {
    if (this.#guard === undefined) throw new Error('the station is off')
    return this.#guard
  }

  get events(): readonly string[] {
    return this.store.outbox
      .pending(0, Number.POSITIVE_INFINITY)
      .flatMap(({ topic, record }) =>
        topic === 'event' && record.code === 'EMERGENCY_CONTACT'
          ? [`${record.severity} ${String(record.data['state'])}`]
          : [],
      )
  }

  override on(): void {
    super.on()
    const { time, play, signs } = this.agent
    const { clock, store } = this
    const condition = new Condition({
      clock,
      amplifiers: [],
      emit: (event) => store.outbox.event(event),
      further: () => [],
    })
    const emergency = new EmergencyContacts({
      clock,
      facts: store.facts,
      condition,
      area: '75/26068',
      inputs: ['alarm'],
      alertOf: (id) => contactAlert(id, this.configured),
      onChange: () => alerts.replace(),
    })
    const alerts = new AlertService({
      clock,
      time,
      play,
      signs,
      facts: store.facts,
      sources: () => [{ area: '75', rev: 1, iat: at(0), alerts: this.alerts }, ...emergency.sources],
      scope: () => ({ id: 'd-1', groups: [], languages: ['vi'] }),
      amplifiers: ['main'],
      media: () => ({ state: 'missing' }),
      soundFrames: (sound) => SOUND_FRAMES[sound],
      spokenAs: () => ({ sha256: '0'.repeat(64), bytes: 0, format: 'wav', seconds: 0, urls: [] }),
      armMs: 4500,
    })
    const watch = new ContactWatch({
      clock,
      inputs: [this.input],
      onReading: (reading) => emergency.reading(reading),
    })
    this.#guard = { alerts, emergency, watch, condition }
    alerts.begin()
    this.#stop = new AbortController()
    void watch.run(this.#stop.signal)
    for (const [name, active] of this.hands) watch.handlers.onLevel(name, active)
  }

  override async crash(): Promise<void> {
    this.#stop.abort()
    this.#guard = undefined
    await super.crash()
  }

  /** Somebody's hand on the contact, or on its key switch. */
  put(active: boolean, name: 'alarm' | 'key' = 'alarm'): void {
    const line = name === 'key' ? keyName('alarm') : name
    this.hands.set(line, active)
    this.#guard?.watch.handlers.onLevel(line, active)
  }

  async passGuarded(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 1) {
      await this.pass(Math.min(1, seconds - passed))
      this.#guard?.emergency.tick()
      this.#guard?.alerts.tick()
    }
  }
}
