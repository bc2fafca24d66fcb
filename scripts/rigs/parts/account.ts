import { type ArrivedRecord, chainFaults, type Observer } from '../../../test/rig/observer.ts'
import type { DacEvent } from '../../../test/rig/virtual-dac.ts'

/** Faults of everything that an observer saw of a device: of its chain, its epoch, and of records other than one an item. */
export const accountFaults = (
  observer: Pick<Observer, 'records' | 'deliveries' | 'playbackOf'>,
  items: readonly string[],
): readonly string[] => {
  const epochs = new Set(observer.records.map(({ epoch }) => epoch))
  const playback = observer.records.filter(({ topic }) => topic === 'playback')
  const strangers = playback.filter(({ item }) => !items.includes(String(item)))
  return [
    ...chainFaults(observer.records),
    ...(epochs.size > 1 ? [`${epochs.size} epochs`] : []),
    ...rewritten(observer.deliveries),
    ...items.flatMap((item) => {
      const { length } = observer.playbackOf(item)
      return length === 1 ? [] : [`${length} records of ${item}`]
    }),
    ...strangers.map(({ item }) => `a record of ${String(item)}, which nobody planned`),
  ]
}

/** A number that came twice with another record. */
const rewritten = (deliveries: readonly ArrivedRecord[]): readonly string[] => {
  const hashes = new Map<number, string>()
  return deliveries.flatMap(({ n, hash }) => {
    const before = hashes.get(n)
    hashes.set(n, hash)
    return before === undefined || before === hash ? [] : [`record ${n} was rewritten`]
  })
}

const FRAMES_PER_SECOND = 48_000

/**
 * Seconds of sound that left the virtual DAC, counted in its frames: no step of a wall clock disturbs them. A process that
 * was killed cannot say where its sound ended: that is `killedAt`, in the wall time of its DAC and in milliseconds.
 */
export const heardSeconds = (events: readonly DacEvent[], killedAt = 0): number => {
  let [seconds, begun] = [0, undefined as DacEvent | undefined]
  const cut = (): void => {
    if (begun !== undefined) seconds += Math.max(0, killedAt / 1000 - begun.t)
    begun = undefined
  }
  for (const event of events) {
    if (event.ev === 'open') cut()
    if (event.ev === 'on') begun = event
    if (begun !== undefined && ['off', 'stop', 'xrun'].includes(event.ev)) {
      seconds += (event.i - begun.i) / FRAMES_PER_SECOND
      begun = undefined
    }
  }
  cut()
  return seconds
}
