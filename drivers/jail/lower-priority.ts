import { setPriority } from 'node:os'

/** Behind the agent and what else the board does, but not so far that something that runs wild starves it, as 19 would be. */
const NICE = 10

/** Has a child yield to everything else. One that is gone already tells by its exit why. */
export const lowerPriority = (pid: number | undefined): void => {
  if (pid === undefined) return
  try {
    setPriority(pid, NICE)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SYSTEM_ERROR')) throw thrown
  }
}
