/** Where a receiver stands: the codes of its province and commune. */
export type Place = { readonly province: string; readonly commune: string }

/** Where it stood before it was moved. `until`: a local date, that day included, or an instant (ISO 8601 with offset). */
export type FormerPlace = Place & { readonly until: string }

export const isSamePlace = (a: Place, b: Place): boolean =>
  a.province === b.province && a.commune === b.commune
