import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What outlives state.db. */
const MIRRORS = ['facts.json', 'trust.json'] as const

/** Makes an empty folder in the place of `other` that remembers of `folder` only what must outlive state.db. */
export const replaceStateFolder = (folder: string, other: string): void => {
  rmSync(other, { recursive: true, force: true })
  mkdirSync(other, { recursive: true, mode: 0o750 })
  for (const name of MIRRORS)
    if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(other, name))
}
