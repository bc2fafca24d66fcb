import { openIdentityStore } from '../adapters/identity/identity-store.ts'
import { Renewal, type RenewalParts } from '../services/renewal/renewal.ts'
import type { Playing } from './playing.ts'

/** Loaded when a job orders a new key pair, or one was under way when the agent ended. */
export const createRenewal = (
  { config, clock, logger, state, time, condition, credentialsDirectory }: Playing,
  line: Pick<RenewalParts, 'job' | 'updating' | 'reconnect'>,
): Renewal =>
  new Renewal({
    ...line,
    clock,
    logger,
    facts: state.facts,
    identity: openIdentityStore(config, credentialsDirectory),
    judgingTime: () => (time.state === 'unset' ? time.floor : clock.wall()),
    event: (code, severity, data) => condition.event(code, severity, data),
  })
