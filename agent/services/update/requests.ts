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
/** What is written while the updater ends may be missed: it is written again under the same id, which is carried out once. */
const REMIND_EVERY_MS = 20_000
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
  const request = { v: 1, id, ...asked } as const
  await desk.ask(request)
  const until = clock.mono() + withinMs
  let remindAt = clock.mono() + REMIND_EVERY_MS
  while (clock.mono() < until) {
    if (clock.mono() >= remindAt) {
      remindAt = clock.mono() + REMIND_EVERY_MS
      await desk.ask(request)
    }
    await clock.sleep(LOOK_EVERY_MS, signal)
    const slots = desk.slots()
    if (slots?.last?.request === id) return slots
  }
  return undefined
}
