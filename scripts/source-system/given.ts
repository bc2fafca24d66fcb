/** The members that are there: to a callee an absent option and an undefined one are not the same. */
export const given = <T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } => {
  const present = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
