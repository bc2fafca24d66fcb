import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Reads below `root`, the real `/` or a copy; what is missing or may not be read is undefined or empty, never a fault. */
export type SystemFiles = {
  /** Without the NULs and white space around it. */
  text(path: string): string | undefined
  list(path: string): readonly string[]
}

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

export const createSystemFiles = (root: string): SystemFiles => ({
  text: (path) => {
    const text = attempt(() => readFileSync(join(root, path), 'utf8'))
    const trimmed = text?.replaceAll('\0', '').trim()
    return trimmed === '' ? undefined : trimmed
  },
  list: (path) => attempt(() => readdirSync(join(root, path))) ?? [],
})
