/** A modem, as ModemManager tells it; nothing in it names the subscriber. */
export type ModemReading = {
  readonly model?: string
  /** ModemManager's word: `connected`, `registered`, `searching`, `disabled`, `locked`, `failed` and so on. */
  readonly state: string
  readonly sim: 'ok' | 'missing' | 'locked' | 'failed'
  readonly operator?: string
  readonly roaming: boolean
  /** Such as `lte`. */
  readonly technology?: string
  /** Percent. */
  readonly quality?: number
  /** Of the serving cell, where ModemManager asks for it. */
  readonly dbm?: number
  /** Its network devices. */
  readonly devices: readonly string[]
}

const SIM_FAULTS = {
  ok: undefined,
  missing: 'there is no SIM in it, or none that it can read',
  locked: 'the SIM wants its PIN',
  failed: 'the SIM or the modem has failed',
} as const

/** What keeps a modem from ever carrying anything; undefined when nothing does. */
export const modemFault = ({ model = 'modem', sim }: ModemReading): string | undefined => {
  const fault = SIM_FAULTS[sim]
  return fault === undefined ? undefined : `${model}: ${fault}`
}
