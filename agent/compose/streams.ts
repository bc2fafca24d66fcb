import { createStreamFetcher } from '../adapters/http/http-stream-fetcher.ts'
import type { Condition } from '../services/condition.ts'
import { LiveRelay } from '../services/streams/live-relay.ts'
import type { Ground } from './ground.ts'

/** Live sources, from `content.allow` and nowhere else. */
export function assembleStreams(
  { config, clock, logger, crypto }: Ground,
  condition: Condition,
  onFailure: (error: unknown) => void,
) {
  const fetcher = createStreamFetcher(config.content.allow)
  const relay = new LiveRelay({
    clock,
    fetcher,
    logger,
    newId: () => crypto.randomHex(32),
    onTrouble: (data) => condition.event('STREAM', 'warning', data),
    onFailure,
  })
  return { fetcher, relay }
}
