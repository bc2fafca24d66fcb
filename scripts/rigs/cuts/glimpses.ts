import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Forgotten, VolatileDisk } from '../board/volatile-disk.ts'
import { readDeviceState } from './device-state.ts'
import { type Known, lostAtCut } from './judge.ts'

/** An instant of a run at which the power might have gone as well. */
type Glimpse = { readonly mark: number; readonly known: Known }
export type Glimpsed = Forgotten & { readonly faults: readonly string[] }

const BETWEEN_MS = 3000

/** Notes instants until `over`. */
export const watch = async (
  disk: VolatileDisk,
  knownNow: () => Known,
  over: AbortSignal,
): Promise<readonly Glimpse[]> => {
  const glimpses: Glimpse[] = []
  while (!over.aborted) {
    // In this order: what is known is older than the mark, so it must be on the disk at it.
    const known = knownNow()
    glimpses.push({ known, mark: disk.mark() })
    await wait(Math.random() * BETWEEN_MS, undefined, { signal: over }).catch(() => undefined)
  }
  return glimpses
}

/**
 * Looks at the disk as it would have been at so many of them, taken at random, and as often at the next instant between a
 * write and its flush; for after the run.
 */
export const lookAt = (
  disk: VolatileDisk,
  glimpses: readonly Glimpse[],
  count: number,
): readonly Glimpsed[] => {
  const image = `${disk.file}.glimpse`
  const taken = glimpses
    .map((glimpse) => ({ glimpse, order: Math.random() }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, count)
  const marks = taken.flatMap(({ glimpse: { mark, known } }) => {
    const between = disk.unflushedFrom(mark)
    return [{ mark, known }, ...(between === undefined ? [] : [{ mark: between, known }])]
  })
  const seen = marks.map(({ mark, known }): Glimpsed => {
    const gone = disk.imageAt(mark, image, Math.random)
    const state = readDeviceState(image)
    return { ...gone, faults: [...state.damage, ...lostAtCut(state, known)] }
  })
  rmSync(image, { force: true })
  return seen
}
