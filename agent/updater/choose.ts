import { releaseToRun, type SlotsInput, type SlotsState, transition } from '../core/update/slots.ts'
import type { Disk } from './disk.ts'
import type { Places } from './places.ts'
import { isWhole, pointCurrent } from './slot-files.ts'
import { packageVersion, readState, saveState, withLock } from './state-file.ts'

/** The state under which a release is found that can be started; at last that is the package. */
const withWholeRelease = (places: Places, state: SlotsState, at: string): SlotsState => {
  const { slot, version } = state.trial ?? state.committed
  if (slot === 'package' || isWhole(places, { slot, version })) return state
  const damaged: SlotsInput = { kind: 'damaged', slot, at, package: packageVersion(places) }
  return withWholeRelease(places, transition(state, damaged), at)
}

type Found = { readonly next: SlotsState; readonly mustSave: boolean }

const lookUp = (places: Places, inputs: readonly SlotsInput[], at: string): Found => {
  const { state, mustSave } = readState(places)
  const next = withWholeRelease(places, inputs.reduce(transition, state), at)
  return { next, mustSave: mustSave || next !== state }
}

/**
 * Before a start of the agent: counts it when a release is on trial, goes back when that had its three, and lets `current`
 * lead to what is to run. A start is counted before the trial runs, and a release that was gone back from does not run
 * before that is noted: a cut between two steps costs a start of the trial at most.
 */
export const chooseRelease = (places: Places, disk: Disk, at: string): SlotsState =>
  withLock(places, disk, () => {
    const { next, mustSave } = lookUp(places, [{ kind: 'start', at }], at)
    const place = releaseToRun(next)
    if (!next.trial) pointCurrent(places, disk, place)
    try {
      if (mustSave) saveState(places, disk, next)
    } catch (thrown) {
      // What cannot be counted is not tried.
      pointCurrent(places, disk, next.committed.slot)
      throw thrown
    }
    pointCurrent(places, disk, place)
    return next
  })

/** After another package was installed: `current` leads to what is committed now; no start is counted. */
export const settlePackage = (places: Places, disk: Disk, at: string): SlotsState =>
  withLock(places, disk, () => {
    const { next } = lookUp(places, [], at)
    if (!next.trial) pointCurrent(places, disk, next.committed.slot)
    saveState(places, disk, next)
    return next
  })
