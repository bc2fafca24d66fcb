import type { DesiredDocument } from '../documents.ts'

export const DEFAULT_MASTER = 100

/** The master volume of a command, and the revision of `desired` that was in force when it came; 0 for none. */
export type OrderedVolume = {
  readonly percent: number
  readonly rev: number
  /** The province whose `desired` that was. */
  readonly of?: string
}

/** The command `volume` holds until a higher `desired` revision gives one. @see contract, section 3, desired */
export const supersedes = (
  desired: Pick<DesiredDocument, 'rev' | 'config'> & { readonly of?: string },
  ordered: OrderedVolume,
): boolean =>
  desired.config.volume !== undefined && (desired.rev > ordered.rev || isOfAnother(desired.of, ordered.of))

/** Each province counts its revisions by itself. */
const isOfAnother = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b
