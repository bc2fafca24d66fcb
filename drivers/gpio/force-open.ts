import { type AmplifierConfig, hasRelay, type RelayConfig } from '../../agent/core/configuration.ts'
import { messageOf } from '../../agent/core/error.ts'
import type { Amplifier } from '../../agent/ports/amplifier.ts'
import { openAmplifier } from './open-amplifier.ts'

export type ForcedRelay = {
  readonly id: string /** Why it could not be forced open. */
  readonly fault?: string
}

/** A feedback contact must not stand in the way of opening a relay. */
const bare = (config: RelayConfig): RelayConfig => {
  if (config.driver !== 'gpiochip') return config
  const { feedback: _, ...line } = config
  return line
}

const forceOne = async (
  config: RelayConfig,
  open: (config: RelayConfig) => Promise<Amplifier>,
): Promise<ForcedRelay> => {
  try {
    await using _amplifier = await open(bare(config))
    return { id: config.id }
  } catch (thrown) {
    return { id: config.id, fault: messageOf(thrown) }
  }
}

/**
 * Takes each line as an output, inactive, reads it back and lets go: for when the process that held
 * the relays is dead, since the kernel may have left them closed. One that fails does not hold up the others.
 */
export const forceOpen = (
  amplifiers: readonly AmplifierConfig[],
  open: (config: RelayConfig) => Promise<Amplifier> = openAmplifier,
): Promise<readonly ForcedRelay[]> =>
  Promise.all(amplifiers.filter(hasRelay).map((config) => forceOne(config, open)))
