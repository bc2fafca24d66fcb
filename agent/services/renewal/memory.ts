import type { KeptUpdate } from '../../core/update/progress.ts'
import type { Facts } from '../../ports/state-store.ts'
import { keptIn } from '../update/memory.ts'

const FACT = 'renewal'

/** How the last renewal stands, across restarts. */
export const keptRenewal = (facts: Facts): KeptUpdate | undefined => keptIn(facts.get(FACT))
export const keepRenewal = (facts: Facts, kept: KeptUpdate): void => facts.set(FACT, JSON.stringify(kept))
