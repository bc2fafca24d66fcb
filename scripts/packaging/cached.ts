import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ABANDONED_MS = 86_400_000

/** Older ones of the name, and what runs that were killed left half made. */
const tidy = (cache: string, name: string, kept: string): void => {
  for (const each of readdirSync(cache)) {
    const path = join(cache, each)
    const isOlder = each.startsWith(`${name}-`) && each !== kept
    const isAbandoned =
      each.startsWith(`partial-${name}-`) && Date.now() - statSync(path).mtimeMs > ABANDONED_MS
    if (isOlder || isAbandoned) rmSync(path, { recursive: true, force: true })
  }
}

const publish = (partial: string, folder: string): void => {
  try {
    renameSync(partial, folder)
  } catch (error) {
    // Another run made it meanwhile: theirs is as good.
    if (!existsSync(folder)) throw error
  }
}

/**
 * The folder `NAME-KEY` in `cache`, made by `make` when it is not there; what is half made is never found, and runs beside
 * each other make each their own. Older ones of the name are removed.
 * @param recipe everything that decides what is in it
 */
export const cached = (
  cache: string,
  name: string,
  recipe: unknown,
  make: (folder: string) => void,
): string => {
  const key = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)
  const folder = join(cache, `${name}-${key}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const partial = mkdtempSync(join(cache, `partial-${name}-`))
  try {
    make(partial)
    publish(partial, folder)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
  tidy(cache, name, `${name}-${key}`)
  return folder
}
