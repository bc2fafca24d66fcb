import type { DesiredDocument } from '../documents.ts'

export const DEFAULT_MASTER = 100

/** The master volume of a command, and the revision of `desired` that was in force when it came; 0 for none. */
export type OrderedVolume = { readonly percent: number; readonly rev: number }

/** The command `volume` holds until a higher `desired` revision gives one. @see contract, section 3, desired */
export const supersedes = (
  desired: Pick<DesiredDocument, 'rev' | 'config'>,
  ordered: OrderedVolume,
): boolean => desired.rev > ordered.rev && desired.config.volume !== undefined
