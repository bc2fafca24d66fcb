import { schedule } from 'node-cron'
import { messageOf } from '../../core/error.ts'
import type { Logger } from '../../ports/logger.ts'

/** Work that may as well be done at night. `at`: five fields of cron, in the time zone. Never for broadcasts. */
export type Chore = { readonly name: string; readonly at: string; readonly run: () => void | Promise<void> }

/** Runs chores by the clock until disposed; a chore that fails is logged and tried again at its next time. */
export const openHousekeeping = (chores: readonly Chore[], timezone: string, logger: Logger): Disposable => {
  const tasks = chores.map(({ name, at, run }) =>
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
  return {
    [Symbol.dispose]: () => {
      for (const task of tasks) void task.destroy()
    },
  }
}
