import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LayoutMemory } from './alpha-codec.ts'

const FOLDER = 'signs'

/**
 * Remembers the layout of a sign in a small file of the state folder, while running only where there is none. A file that
 * cannot be written costs a sign that is laid out again, and dark for some seconds, at the next start.
 */
export const openLayoutFile = (stateFolder: string | undefined, id: string): LayoutMemory => {
  const folder = stateFolder === undefined ? undefined : join(stateFolder, FOLDER)
  const file = folder === undefined ? undefined : join(folder, `${id}.layout`)
  let known = file === undefined ? undefined : read(file)
  return {
    recall: () => known,
    remember: (layout) => {
      if (layout === known) return
      known = layout
      if (folder !== undefined && file !== undefined) write(folder, file, layout)
    },
  }
}

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

const write = (folder: string, file: string, layout: string | undefined): void => {
  try {
    if (layout === undefined) rmSync(file, { force: true })
    else {
      mkdirSync(folder, { recursive: true })
      writeFileSync(`${file}.new`, `${layout}\n`)
      renameSync(`${file}.new`, file)
    }
  } catch {
    // As promised above: the next start finds out.
  }
}
