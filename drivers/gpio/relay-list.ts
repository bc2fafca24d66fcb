import type { AmplifierConfig } from '../../agent/core/configuration.ts'

const DRIVERS: readonly unknown[] = [
  'gpiochip',
  'rpio',
  'virtual',
  'none',
] satisfies AmplifierConfig['driver'][]
const MAX_CHARACTERS = 65_536

const isAmplifier = (value: unknown): value is AmplifierConfig =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'driver' in value &&
  DRIVERS.includes(value.driver)

/** The amplifiers of a board as the agent leaves them in its runtime directory: readable without a YAML parser or schemas. */
export const encodeRelayList = (amplifiers: readonly AmplifierConfig[]): string =>
  `${JSON.stringify({ v: 1, amplifiers })}\n`

/** What `encodeRelayList` wrote. The agent checked every field; this only refuses a file that is something else. */
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
