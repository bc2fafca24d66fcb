import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type Files = Readonly<Record<string, string>>

/** Writes files below a root, and what is above them. */
export const writeBelow = (root: string, files: Files): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** A tree of files that stands for `/`. */
export const rootOf = (files: Files): string => {
  const root = mkdtempSync(join(tmpdir(), 'loa-root-'))
  writeBelow(root, files)
  return root
}
