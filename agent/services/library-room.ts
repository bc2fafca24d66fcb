import type { CachedFile } from '../ports/media-cache.ts'

export type RoomRequest = {
  /** Bytes still to come. */
  readonly needed: number
  /** Bytes the quota leaves. */
  readonly quotaLeft: number
  /** Bytes the disk leaves, room inside the store included. */
  readonly diskLeft: number
}

/** What may go for a file, in the order in which it goes: what nobody wants (oldest first), then what is needed last. */
export const evictable = (
  inventory: readonly CachedFile[],
  wantedInOrder: readonly string[],
  forSha256: string,
): readonly CachedFile[] => {
  const rank = new Map(wantedInOrder.map((sha256, index) => [sha256, index]))
  const own = rank.get(forSha256) ?? Number.POSITIVE_INFINITY
  const unwanted = inventory.filter((file) => !rank.has(file.sha256))
  const later = inventory
    .filter((file) => (rank.get(file.sha256) ?? -1) > own)
    .sort((a, b) => (rank.get(b.sha256) ?? 0) - (rank.get(a.sha256) ?? 0))
  return [...unwanted, ...later]
}

/** The fewest of the candidates, in their order, that make room; undefined when all of them would not. */
export const planEviction = (
  candidates: readonly CachedFile[],
  { needed, quotaLeft, diskLeft }: RoomRequest,
): readonly CachedFile[] | undefined => {
  let lacking = needed - Math.min(quotaLeft, diskLeft)
  const victims: CachedFile[] = []
  for (const file of candidates) {
    if (lacking <= 0) break
    if (file.bytes === 0) continue
    victims.push(file)
    lacking -= file.bytes
  }
  return lacking <= 0 ? victims : undefined
}
