import type { Release, ReleaseFile } from './release.ts'
import type { ReleasePlace, SlotsState } from './slots.ts'

export type WantedRelease = Pick<Release, 'version'> & Pick<ReleaseFile, 'sha256'>

/** What is done next to bring a release to its trial. */
export type NextStep =
  | { readonly do: 'fetch' | 'stage' | 'try' | 'restart' | 'trial' | 'done' }
  | { readonly do: 'back'; readonly reason: string }
  /** Another release is on trial. */
  | { readonly do: 'wait' }

const isSame = (one: WantedRelease | undefined, other: WantedRelease): boolean =>
  one !== undefined && one.version === other.version && one.sha256 === other.sha256

/**
 * By what lies where, not by what was done before: after a crash or a power cut at any step the same comes out.
 * `tried`: this order had brought it to its slot before. `here`: all of the package is.
 */
export const nextStep = (
  wanted: WantedRelease,
  {
    slots,
    running,
    tried,
    here,
  }: {
    readonly slots: SlotsState
    readonly running: ReleasePlace
    readonly tried: boolean
    readonly here: boolean
  },
): NextStep => {
  const { trial, staged, committed, refused } = slots
  const before = refused.findLast((each) => isSame(each, wanted))
  if (tried && before !== undefined) return { do: 'back', reason: before.reason }
  if (committed.version === wanted.version) return { do: 'done' }
  if (trial !== undefined) {
    if (!isSame(trial, wanted)) return { do: 'wait' }
    return { do: trial.slot === running ? 'trial' : 'restart' }
  }
  if (isSame(staged, wanted)) return { do: 'try' }
  return { do: here ? 'stage' : 'fetch' }
}
