import { type ScheduledTask, schedule } from 'node-cron'
import { messageOf } from '../../core/error.ts'
import type { Logger } from '../../ports/logger.ts'

/** Work that may as well be done at night. `at`: five fields of cron, in the time zone. Never for broadcasts. */
export type Chore = { readonly name: string; readonly at: string; readonly run: () => void | Promise<void> }

export type Housekeeping = Disposable & {
  /**
   * The clock was set: chores are planned anew from now on. node-cron would make up, one by one, every time that lay between:
   * from 1970 to now half a million for an hourly one, which holds the whole agent up until its heap is full.
   */
  readonly clockWasSet: () => void
}

/** Runs chores by the clock until disposed; a chore that fails is logged and tried again at its next time. */
export const openHousekeeping = (
  chores: readonly Chore[],
  timezone: string,
  logger: Logger,
): Housekeeping => {
  const planned = (): readonly ScheduledTask[] =>
    chores.map(({ name, at, run }) =>
      schedule(
        at,
        async () => {
          try {
            await run()
          } catch (error) {
            logger.error({ chore: name, error: messageOf(error) }, 'a chore failed')
          }
        },
        { name, timezone, noOverlap: true },
      ),
    )
  let tasks = planned()
  const forget = (): void => {
    for (const task of tasks) void task.destroy()
  }
  return {
    clockWasSet: () => {
      forget()
      tasks = planned()
    },
    [Symbol.dispose]: forget,
  }
}
