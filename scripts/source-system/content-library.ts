import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'

export type ContentFile = {
  readonly path: string
  readonly name: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

export type ContentLibrary = {
  readonly byHash: (sha256: string) => Promise<ContentFile | undefined>
  readonly byName: (name: string) => Promise<ContentFile | undefined>
}

/** SHA-256 in hex, without holding the file in memory. */
export const sha256OfFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

const TYPES: Readonly<Record<string, string>> = {
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.aac': 'audio/aac',
  '.m4a': 'audio/mp4',
  '.flac': 'audio/flac',
  '.wav': 'audio/wav',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
}

export const mediaType = (name: string): string =>
  TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream'

/** The files of one folder, known by content and by name. Looked at anew at each miss, so files may be added at any time. */
export const createContentLibrary = (directory: string): ContentLibrary => {
  const known = new Map<string, ContentFile & { readonly modified: number }>()

  const look = async (name: string): Promise<ContentFile | undefined> => {
    const path = join(directory, name)
    const info = await stat(path).catch(() => undefined)
    if (info === undefined || !info.isFile()) {
      known.delete(name)
      return undefined
    }
    const held = known.get(name)
    if (held !== undefined && held.bytes === info.size && held.modified === info.mtimeMs) return held
    const file = { path, name, bytes: info.size, modified: info.mtimeMs, sha256: await sha256OfFile(path) }
    known.set(name, file)
    return file
  }
  const find = async (sha256: string): Promise<ContentFile | undefined> => {
    for (const file of known.values()) {
      if (file.sha256 === sha256) return (await look(file.name))?.sha256 === sha256 ? file : undefined
    }
    return undefined
  }
  return {
    byHash: async (sha256) => {
      const held = await find(sha256)
      if (held !== undefined) return held
      for (const name of await readdir(directory)) await look(name)
      return await find(sha256)
    },
    // Only names that the folder itself lists: a path can never lead out of it.
    byName: async (name) => ((await readdir(directory)).includes(name) ? await look(name) : undefined),
  }
}
