import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AmplifierConfig } from '../../agent/core/configuration.ts'

const DRIVERS: readonly unknown[] = [
  'gpiochip',
  'rpio',
  'virtual',
  'none',
  'shared',
] satisfies AmplifierConfig['driver'][]
const MAX_CHARACTERS = 65_536

const isAmplifier = (value: unknown): value is AmplifierConfig =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'driver' in value &&
  DRIVERS.includes(value.driver)

/**
 * Leaves the board's amplifiers as `relays.json` in the runtime directory, readable without a YAML parser or schemas,
 * for `open-relays` to find when agent and playout are dead. Write it before a relay may close; it may stay behind
 * at a clean stop. Paths of traces must be absolute.
 */
export const writeRelayList = (runtimeDirectory: string, amplifiers: readonly AmplifierConfig[]): void => {
  const file = join(runtimeDirectory, 'relays.json')
  writeFileSync(`${file}.new`, `${JSON.stringify({ v: 1, amplifiers })}\n`, { mode: 0o640 })
  renameSync(`${file}.new`, file)
}

/** What `writeRelayList` wrote. The agent checked every field; this only refuses a file that is something else. */
export const decodeRelayList = (text: string): readonly AmplifierConfig[] => {
  if (text.length > MAX_CHARACTERS) throw new Error('the relay list is too long')
  const list: unknown = JSON.parse(text)
  if (
    typeof list !== 'object' ||
    list === null ||
    !('amplifiers' in list) ||
    !Array.isArray(list.amplifiers)
  ) {
    throw new Error('not a relay list')
  }
  const amplifiers: readonly unknown[] = list.amplifiers
  if (!amplifiers.every(isAmplifier))
    throw new Error('the relay list names an amplifier without id or driver')
  return amplifiers
}
