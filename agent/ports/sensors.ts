import type { Reading, Readings } from '../core/sensor/reading.ts'
import type { ChannelSource } from '../core/sensor-configuration.ts'

/**
 * What this machine says of itself. Reading never fails and never waits for long: what cannot be read, or does not
 * answer, is a fault of its own, and what this machine does not have is absent.
 */
export interface Sensors {
  read(): Promise<Readings>
  /** One channel: volts or amperes. */
  channel(source: ChannelSource): Promise<Exclude<Reading, undefined>>
  /** Writes a small file to the disk of the state and reads it back from there: 0 when it is the same, 1 when not. Undefined: there is no room for it. */
  tryCard(): Promise<Reading>
}
