/** Which relays work together: a pure function of the board and of what is broken. */

export type Choosable = {
  readonly id: string
  /** Of those with the same word one at most is closed. */
  readonly exclusive?: string
  /** It can be driven, and its contact does not say that it stays open. */
  readonly works: boolean
}

/**
 * Of relays that exclude each other the first that works, or the first when none does; all others as they are asked for.
 * Relays in the order of the board file.
 */
export const chooseRelays = (relays: readonly Choosable[]): readonly string[] => {
  const bestOf = (group: string): string | undefined => {
    const rivals = relays.filter(({ exclusive }) => exclusive === group)
    return (rivals.find(({ works }) => works) ?? rivals[0])?.id
  }
  return relays
    .filter(({ id, exclusive }) => exclusive === undefined || bestOf(exclusive) === id)
    .map(({ id }) => id)
}
