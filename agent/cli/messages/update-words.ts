import type { UpdateState, UpdateWait } from '../../core/update/progress.ts'

/** What `loa update` says, and `loa status` of an update. */
export type UpdateWords = {
  readonly label: string
  readonly states: Readonly<Record<UpdateState, string>>
  /** What it waits for; `item` is what plays or is due. */
  readonly waits: Readonly<Record<UpdateWait['for'], (item: string) => string>>
  readonly until: (time: string) => string
  readonly which: string
  readonly notRelease: (file: string) => string
  readonly tooLarge: (file: string, mb: number) => string
  readonly sending: (file: string) => string
  /** After the agent has ended for the trial. */
  readonly restarts: (version: string) => string
  /** Whoever asked goes away; the agent goes on. */
  readonly left: string
  readonly stopped: string
  readonly cancelled: string
  readonly nothingToCancel: string
}
