import type { Counters } from '../core/link/counting.ts'
import type { ModemReading } from '../core/link/modem.ts'
import type { Outlook } from '../core/link/outlook.ts'
import type { Way } from '../core/link/way.ts'

/** The network devices of this machine, as the kernel tells them; what is missing is absent, never a fault. */
export interface Links {
  way(): Way
  /** Signal of a Wi-Fi device, dBm. */
  wifiDbm(device: string): number | undefined
  /** Bytes of every modem. */
  modemCounters(): Counters
  /** The addresses with which this machine reaches out now, at most one of each family. */
  addresses(): Promise<readonly string[]>
}

/** Whoever manages the modems. */
export interface Modems {
  /**
   * Undefined where nobody does. Ends within seconds, and at once when aborted.
   * @throws MODEM when whoever does is silent, or says what nobody understands; anything when aborted
   */
  read(signal: AbortSignal): Promise<readonly ModemReading[] | undefined>
  /**
   * Starts the modem anew, as pulling its plug would.
   * @throws MODEM when there is none, it cannot be, or this account may not
   */
  restart(signal: AbortSignal): Promise<void>
}

/** Looks outside while no broker is connected. */
export interface Lookout {
  /** Ends within seconds, whatever the network does, and at once when aborted: what it says then means nothing. */
  look(signal: AbortSignal): Promise<Outlook>
}
