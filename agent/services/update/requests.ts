import type { BeforeTrial, SlotsState } from '../../core/update/slots.ts'
import type { Clock } from '../../ports/clock.ts'
import type { UpdateDesk } from '../../ports/update-desk.ts'

export type RequestParts = {
  readonly clock: Clock
  readonly desk: UpdateDesk
  readonly randomHex: (bytes: number) => string
}

export type Asked =
  | { readonly op: 'stage' | 'commit' | 'cancel' }
  | { readonly op: 'try'; readonly before: BeforeTrial }
  | { readonly op: 'sick'; readonly reason: string }

const LOOK_EVERY_MS = 250
/** For all but unpacking. */
export const ANSWER_WITHIN_MS = 60_000

/**
 * Asks the updater for something and waits for its answer, the slots as they are then. Undefined: it has not answered
 * in time, and the request still lies there.
 * @throws IO, DISK_FULL; the signal's reason
 */
export const askUpdater = async (
  { clock, desk, randomHex }: RequestParts,
  asked: Asked,
  withinMs: number,
  signal: AbortSignal,
): Promise<SlotsState | undefined> => {
  const id = randomHex(8)
  await desk.ask({ v: 1, id, ...asked })
  const until = clock.mono() + withinMs
  while (clock.mono() < until) {
    await clock.sleep(LOOK_EVERY_MS, signal)
    const slots = desk.slots()
    if (slots?.last?.request === id) return slots
  }
  return undefined
}
