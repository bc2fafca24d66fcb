import type { Code } from '../codes.ts'
import { compareVersions } from './version.ts'

export type SlotName = 'a' | 'b'
/** Where a release lies: in the package's own place, or in a slot. */
export type ReleasePlace = 'package' | SlotName

/** What worked when the trial began: a trial is not held to more. */
export type BeforeTrial = { readonly sound: boolean; readonly broker: boolean }

export type StagedRelease = { readonly slot: SlotName; readonly version: string; readonly sha256: string }
export type TrialRelease = StagedRelease & {
  /** Starts so far, the one that goes on included. */
  readonly starts: number
  readonly before: BeforeTrial
}
export type RefusedRelease = {
  readonly version: string
  readonly sha256: string
  readonly reason: string
  readonly at: string
}

export type UpdateResult = 'staged' | 'trying' | 'committed' | 'cancelled' | 'back' | 'refused'
export type UpdateAnswer = {
  /** Id of the request that was answered last; it stays when the chooser goes back by itself. */
  readonly request?: string
  readonly result: UpdateResult
  readonly code?: Code
  readonly message?: string
}

/** `slots.json`: which release is committed, staged or tried. At most one of `staged` and `trial`. */
export type SlotsState = {
  readonly v: 1
  readonly committed: { readonly slot: ReleasePlace; readonly version: string }
  readonly staged?: StagedRelease
  readonly trial?: TrialRelease
  readonly refused: readonly RefusedRelease[]
  readonly last?: UpdateAnswer
}

/** `request.json`, from the agent to the updater. */
export type UpdateRequest = { readonly v: 1; readonly id: string } & (
  | { readonly op: 'stage' | 'commit' | 'cancel' }
  | { readonly op: 'try'; readonly before: BeforeTrial }
  | { readonly op: 'sick'; readonly reason: string }
)

export type SlotsInput =
  /** A release lies in the slot, whole and on the disk. */
  | { readonly kind: 'staged'; readonly request: string; readonly release: StagedRelease }
  | { readonly kind: 'try'; readonly request: string; readonly before: BeforeTrial }
  | { readonly kind: 'commit'; readonly request: string }
  | { readonly kind: 'sick'; readonly request: string; readonly reason: string; readonly at: string }
  | { readonly kind: 'cancel'; readonly request: string }
  | {
      readonly kind: 'refuse'
      readonly request: string
      readonly code: Code
      readonly message: string
    }
  /** What lies in the slot is about to be replaced. */
  | { readonly kind: 'overwrite'; readonly slot: SlotName }
  /** The agent is about to start. */
  | { readonly kind: 'start'; readonly at: string }
  /** What a slot holds cannot run. */
  | { readonly kind: 'damaged'; readonly slot: SlotName; readonly at: string; readonly package: string }
  /** The version of the installed package, looked at before anything else. */
  | { readonly kind: 'package'; readonly version: string }

/** So many starts without a commit, then it goes back. */
export const TRIAL_STARTS = 3
/** Older ones are below what is committed by then. */
const MAX_REFUSED = 32
const MAX_REASON = 500

/** Before the first update, and when slots.json cannot be read. */
export const packageOnly = (version: string): SlotsState => ({
  v: 1,
  committed: { slot: 'package', version },
  refused: [],
})

/** What the next start runs. */
export const releaseToRun = (state: SlotsState): ReleasePlace => state.trial?.slot ?? state.committed.slot

/** The slot that may be written: neither committed, nor tried, nor the one that runs. Undefined: both are needed. */
export const freeSlot = (state: SlotsState, running: ReleasePlace): SlotName | undefined =>
  (['a', 'b'] as const).find(
    (slot) => slot !== state.committed.slot && slot !== state.trial?.slot && slot !== running,
  )

const without = ({ staged, trial, ...rest }: SlotsState): Omit<SlotsState, 'staged' | 'trial'> => rest

const refusedRequest = (state: SlotsState, request: string, code: Code, message: string): SlotsState => ({
  ...state,
  last: { request, result: 'refused', code, message },
})

const lastRequest = ({ last }: SlotsState): { readonly request?: string } =>
  last?.request === undefined ? {} : { request: last.request }

/** The trial is over and its release is not tried again. */
const goneBack = (state: SlotsState, trial: TrialRelease, reason: string, at: string): SlotsState => {
  const { slot, starts, before, ...release } = trial
  const told = reason.slice(0, MAX_REASON).toWellFormed()
  return {
    ...without(state),
    refused: [...state.refused, { ...release, reason: told, at }].slice(-MAX_REFUSED),
    last: { ...lastRequest(state), result: 'back', message: told },
  }
}

const onStart = (state: SlotsState, at: string): SlotsState => {
  const { trial } = state
  if (!trial) return state
  if (trial.starts >= TRIAL_STARTS)
    return goneBack(state, trial, `${trial.starts} starts without being well`, at)
  return { ...state, trial: { ...trial, starts: trial.starts + 1 } }
}

const onDamaged = (state: SlotsState, input: SlotsInput & { readonly kind: 'damaged' }): SlotsState => {
  const { slot, at } = input
  if (state.trial?.slot === slot)
    return goneBack(state, state.trial, `the files of slot ${slot} are damaged`, at)
  const kept: SlotsState = state.staged?.slot === slot ? without(state) : state
  if (state.committed.slot !== slot) return kept
  return {
    ...kept,
    committed: { slot: 'package', version: input.package },
    last: {
      ...lastRequest(state),
      result: 'back',
      code: 'STORAGE',
      message: `the files of ${state.committed.version} in slot ${slot} are damaged; the package runs`,
    },
  }
}

/** A package at least as new as what is committed takes its place; what waits and is not newer than it is forgotten. */
const onPackage = (state: SlotsState, version: string): SlotsState => {
  if (compareVersions(version, state.committed.version) < 0 && state.committed.slot !== 'package')
    return state
  if (state.committed.slot === 'package' && state.committed.version === version) return state
  const waiting = state.trial ?? state.staged
  const kept = waiting && compareVersions(waiting.version, version) > 0 ? state : without(state)
  return { ...kept, committed: { slot: 'package', version } }
}

const onStaged = (state: SlotsState, request: string, release: StagedRelease): SlotsState => {
  const { trial, committed } = state
  if (trial) return refusedRequest(state, request, 'BUSY', `${trial.version} is on trial`)
  // A package may have come while it was unpacked.
  if (compareVersions(release.version, committed.version) <= 0)
    return refusedRequest(
      state,
      request,
      'OLD_REVISION',
      `${release.version} is not above ${committed.version}, which is committed`,
    )
  return { ...state, staged: release, last: { request, result: 'staged' } }
}

/** The state after an input; the same object when nothing changes. */
export const transition = (state: SlotsState, input: SlotsInput): SlotsState => {
  switch (input.kind) {
    case 'start':
      return onStart(state, input.at)
    case 'damaged':
      return onDamaged(state, input)
    case 'package':
      return onPackage(state, input.version)
    case 'overwrite':
      return state.staged?.slot === input.slot ? without(state) : state
    case 'refuse':
      return refusedRequest(state, input.request, input.code, input.message)
    case 'staged':
      return onStaged(state, input.request, input.release)
    case 'try': {
      const { staged } = state
      if (!staged) return refusedRequest(state, input.request, 'INVALID', 'nothing is staged')
      return {
        ...without(state),
        trial: { ...staged, starts: 0, before: input.before },
        last: { request: input.request, result: 'trying' },
      }
    }
    case 'commit': {
      const { trial } = state
      if (!trial || trial.starts === 0)
        return refusedRequest(state, input.request, 'INVALID', 'nothing is on trial')
      return {
        ...without(state),
        committed: { slot: trial.slot, version: trial.version },
        last: { request: input.request, result: 'committed' },
      }
    }
    case 'sick': {
      const { trial } = state
      if (!trial) return refusedRequest(state, input.request, 'INVALID', 'nothing is on trial')
      const back = goneBack(state, trial, input.reason, input.at)
      return { ...back, last: { ...back.last, request: input.request, result: 'back' } }
    }
    case 'cancel': {
      const kept: SlotsState = state.staged ? without(state) : state
      return { ...kept, last: { request: input.request, result: 'cancelled' } }
    }
  }
}
