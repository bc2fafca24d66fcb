import { packBundle } from '../../core/bundle/pack.ts'
import { type BundlePart, joined } from '../../core/bundle/part.ts'
import { isoUtc } from '../../core/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Cryptography } from '../../ports/crypto.ts'
import type { GatherParts } from '../bundle-parts.ts'
import { type Answer, done, type OrdersOf } from './order.ts'

export type BundleOrderOptions = {
  readonly clock: Clock
  readonly crypto: Pick<Cryptography, 'sha256Hex'>
  readonly gather: GatherParts
  readonly gzip: (bytes: Uint8Array) => Promise<Uint8Array>
  readonly device: string
  readonly timezone: string
  /** Version of the software. */
  readonly agent: string
  readonly stop: AbortSignal
}

/** As base64 a quarter of a mebibyte: a reply is at most 1,000,000 bytes, and may go over a modem. */
const LIMIT_BYTES = 192 * 1024
/** Replies wait in memory for the next connection: many of them would fill it. */
const EVERY_MS = 60_000

/** `bundle`: what support needs first, small enough for a reply. */
export const createBundleOrder = (options: BundleOrderOptions): OrdersOf<'bundle'> => {
  let lastAt = Number.NEGATIVE_INFINITY
  return {
    bundle: async (_command, started) => {
      const now = options.clock.mono()
      if (now - lastAt < EVERY_MS)
        return { status: 'failed', code: 'TOO_MANY', data: { message: 'one bundle a minute is made' } }
      lastAt = now
      started()
      return await make(options)
    },
  }
}

async function make(options: BundleOrderOptions): Promise<Answer> {
  const { clock, crypto, gather, gzip, device, timezone, agent, stop } = options
  const pieces: BundlePart[] = []
  for await (const piece of gather(stop)) pieces.push(piece)
  const at = clock.wall()
  const folder = `loa-bundle-${device}-${isoUtc(at).slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}`
  const facts = { device, timezone, agent, at, by: 'command', running: true, missing: [] } as const
  const { bytes, cut } = await packBundle(joined(pieces), facts, { limit: LIMIT_BYTES, folder, gzip })
  return done({
    file: `${folder}.tar.gz`,
    bytes: bytes.length,
    sha256: crypto.sha256Hex(bytes),
    cut,
    content: Buffer.from(bytes).toString('base64'),
  })
}
