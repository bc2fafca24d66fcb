import type { EpochMs } from '../time.ts'

/** FNV-1a with a final mix, so that ids that differ in their last letter land far apart. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Where in an interval a device has its turn, from 0 up to the interval: devices spread evenly, each always the same. */
export const phaseOf = (deviceId: string, intervalMs: number): number =>
  Math.floor((hashOf(deviceId) / 2 ** 32) * intervalMs)

/** Milliseconds from `wall` to the next turn of a device, more than 0 and at most the interval. */
export const untilNextTurn = (deviceId: string, intervalMs: number, wall: EpochMs): number => {
  const into = (((wall - phaseOf(deviceId, intervalMs)) % intervalMs) + intervalMs) % intervalMs
  return intervalMs - into
}
