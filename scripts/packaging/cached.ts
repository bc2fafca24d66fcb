import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The folder `NAME-KEY` in `cache`, made by `make` when it is not there; what is half made is never found. Older ones of
 * the name are removed.
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
  for (const each of readdirSync(cache))
    if (each.startsWith(`${name}-`)) rmSync(join(cache, each), { recursive: true, force: true })
  const partial = `${folder}.partial`
  mkdirSync(partial)
  make(partial)
  renameSync(partial, folder)
  return folder
}
