import type { ModemReading } from './modem.ts'
import type { Bearer } from './way.ts'

/** Bytes over modems in the billing month. */
export type DataReport = {
  /** Local date of its first day. */
  readonly since: string
  /** MB of 1,000,000 bytes. */
  readonly usedMb: number
  /** Absent without a budget. */
  readonly monthlyMb?: number
}

/** How this device is connected. */
export type LinkReport = {
  readonly bearer: Bearer
  /** Network device. */
  readonly device?: string
  /** With which it reaches out. */
  readonly addresses: readonly string[]
  /** Signal of the bearer in use. */
  readonly dbm?: number
  readonly modem?: Omit<ModemReading, 'devices'>
  /** Absent where no modem ever carried anything. */
  readonly data?: DataReport
}

/** What of it a heartbeat has room for. */
export const heartbeatNet = ({
  bearer,
  dbm,
  data,
}: LinkReport): { readonly bearer: Bearer; readonly dbm?: number; readonly usedMb?: number } => ({
  bearer,
  ...(dbm === undefined ? {} : { dbm: Math.round(dbm) }),
  ...(data === undefined ? {} : { usedMb: data.usedMb }),
})
