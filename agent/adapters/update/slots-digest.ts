import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** SHA-256 of slots.json, hex; undefined where no updater has ever written it. It is not understood here. */
export const slotsDigest = (slotsFolder: string): string | undefined => {
  try {
    return createHash('sha256')
      .update(readFileSync(join(slotsFolder, 'slots.json')))
      .digest('hex')
  } catch {
    return undefined
  }
}
