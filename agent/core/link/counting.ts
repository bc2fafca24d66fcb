/** Bytes of a network device, since it appeared. */
export type Counter = {
  /** The kernel's number of the device: another one after it was plugged in again. */
  readonly index: number
  readonly rx: number
  readonly tx: number
}
export type Counters = Readonly<Record<string, Counter>>

/** Some drivers count in 32 bits. */
const WRAP = 2 ** 32
/** No modem here carries more: what would be more is a counter that began anew. 100 Mbit/s. */
const MOST_BYTES_A_MS = 12_500

const grown = (before: number, now: number, elapsedMs: number): number => {
  if (now >= before) return now - before
  const wrapped = now + WRAP - before
  const isWrap = before < WRAP && wrapped <= elapsedMs * MOST_BYTES_A_MS
  return isWrap ? wrapped : now
}

/**
 * Bytes that went over the devices of `now` since `before`, of the same boot of the kernel. A device that is new, was
 * plugged in again, or whose counter began anew counts from its 0.
 */
export const bytesBetween = (before: Counters, now: Counters, elapsedMs: number): number => {
  let bytes = 0
  for (const [device, { index, rx, tx }] of Object.entries(now)) {
    const known = before[device]
    bytes +=
      known === undefined || known.index !== index
        ? rx + tx
        : grown(known.rx, rx, elapsedMs) + grown(known.tx, tx, elapsedMs)
  }
  return bytes
}

const REMEMBERED = 4

/** A device that is away for a moment must not count twice; only a few are remembered. */
export const remembered = (before: Counters, now: Counters): Counters => {
  const gone = Object.entries(before).filter(([device]) => !Object.hasOwn(now, device))
  return { ...Object.fromEntries(gone.slice(-REMEMBERED)), ...now }
}
