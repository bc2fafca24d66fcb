/** Three numbers without leading zeros: dpkg and npm then order versions alike. */
const VERSION = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/

export const isVersion = (text: string): boolean => VERSION.test(text)

/** Below 0, 0 or above 0. What is no version is below every one. */
export const compareVersions = (one: string, other: string): number => {
  const [, ...a] = VERSION.exec(one) ?? []
  const [, ...b] = VERSION.exec(other) ?? []
  if (a.length !== b.length) return a.length - b.length
  for (const [index, part] of a.entries()) {
    const difference = Number(part) - Number(b[index])
    if (difference !== 0) return difference
  }
  return 0
}
