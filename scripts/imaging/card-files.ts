import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FILES = join(import.meta.dirname, 'card')
const SIGNATURE = '@SIGNATURE@'

/** Copies what a card has beside packages into a folder, with the signature of its partition table where it is named. */
export const cardFiles = (into: string, signature: string): void => {
  cpSync(FILES, into, { recursive: true })
  for (const entry of readdirSync(into, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const text = readFileSync(file, 'utf8')
    if (text.includes(SIGNATURE)) writeFileSync(file, text.replaceAll(SIGNATURE, signature))
  }
}
