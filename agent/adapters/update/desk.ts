import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LoaError, messageOf } from '../../core/error.ts'
import type { ReleasePlace, SlotsState, UpdateRequest } from '../../core/update/slots.ts'
import type { UpdateDesk } from '../../ports/update-desk.ts'
import { MAX_UPDATE_JSON_BYTES, parseSlots } from '../../wire/release.ts'

export type UpdateDeskOptions = {
  /** `update` in the state folder. */
  readonly folder: string
  /** Folder of the updater: slots.json and the slots. */
  readonly slotsFolder: string
  /** Where the package puts this program. */
  readonly packageFolder: string
  /** Where this program lies. */
  readonly ownFolder: string
}

const RELEASE = 'release.jws'
const PART = 'release.deb.part'
const PACKAGE = 'release.deb'
const REQUEST = 'request.json'
/** So much is written between two syncs: what a power cut can take away, and how the flash likes it. */
const SYNC_BYTES = 1_048_576

class FileDesk implements UpdateDesk {
  readonly #options: UpdateDeskOptions
  readonly running: ReleasePlace | undefined

  constructor(options: UpdateDeskOptions) {
    this.#options = options
    this.running = placeOf(options)
  }

  slots(): SlotsState | undefined {
    const bytes = readSmall(join(this.#options.slotsFolder, 'slots.json'))
    if (bytes === undefined) return undefined
    try {
      return parseSlots(bytes)
    } catch (error) {
      if (error instanceof LoaError) return undefined
      throw error
    }
  }

  release(): Uint8Array | undefined {
    return readSmall(this.#path(RELEASE))
  }

  async begin(release: Uint8Array): Promise<number> {
    const here = this.release()
    if (here === undefined || !Buffer.from(here).equals(release)) {
      await this.clear()
      await this.#write(RELEASE, release)
    }
    if (this.isComplete()) return this.heldBytes()
    await this.#cutToSynced()
    return this.heldBytes()
  }

  heldBytes(): number {
    return sizeOf(this.#path(this.isComplete() ? PACKAGE : PART))
  }

  async receive(source: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await this.#attempt(() => open(this.#path(PART), 'a', 0o600))
    let unsynced = 0
    try {
      for await (const bytes of source) {
        await this.#attempt(() => writeAll(file, bytes))
        unsynced += bytes.length
        if (unsynced < SYNC_BYTES) continue
        await this.#attempt(() => file.datasync())
        unsynced = 0
      }
    } finally {
      await this.#attempt(async () => {
        if (unsynced > 0) await file.datasync()
        await file.close()
      })
    }
  }

  async complete(sha256: string): Promise<boolean> {
    const path = this.#path(PART)
    const digest = await this.#attempt(() => digestOf(path))
    if (digest !== sha256) {
      await this.discard()
      return false
    }
    await this.#attempt(async () => {
      await rename(path, this.#path(PACKAGE))
      await syncFolder(this.#options.folder)
    })
    return true
  }

  isComplete(): boolean {
    return existsSync(this.#path(PACKAGE))
  }

  async discard(): Promise<void> {
    await this.#attempt(async () => {
      for (const name of [PART, PACKAGE]) await rm(this.#path(name), { force: true })
    })
  }

  async clear(): Promise<void> {
    await this.#attempt(async () => {
      // The package first: without its release nobody knows what it is.
      for (const name of [PART, PACKAGE, RELEASE]) await rm(this.#path(name), { force: true })
    })
  }

  ask(request: UpdateRequest): Promise<void> {
    return this.#write(REQUEST, Buffer.from(JSON.stringify(request)))
  }

  #path(name: string): string {
    return join(this.#options.folder, name)
  }

  /** Whole or not at all, whenever the power fails. */
  async #write(name: string, content: Uint8Array): Promise<void> {
    const { folder } = this.#options
    const temporary = this.#path(`${name}.tmp`)
    await this.#attempt(async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = await open(temporary, 'w', 0o600)
      try {
        await writeAll(file, content)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, this.#path(name))
      await syncFolder(folder)
    })
  }

  /** What was written after the last sync may be anything after a power cut: it is fetched again. */
  async #cutToSynced(): Promise<void> {
    const size = sizeOf(this.#path(PART))
    if (size % SYNC_BYTES === 0) return
    await this.#attempt(async () => {
      const file = await open(this.#path(PART), 'r+')
      try {
        await file.truncate(size - (size % SYNC_BYTES))
      } finally {
        await file.close()
      }
    })
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof LoaError) throw cause
      const full = codeOf(cause) === 'ENOSPC' || codeOf(cause) === 'EDQUOT'
      throw new LoaError(full ? 'DISK_FULL' : 'IO', messageOf(cause), { cause })
    }
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0)

/** Undefined for what is no plain file or too long to be one of ours. */
const readSmall = (path: string): Uint8Array | undefined => {
  try {
    const { size } = lstatSync(path)
    return size > MAX_UPDATE_JSON_BYTES ? undefined : readFileSync(path)
  } catch {
    return undefined
  }
}

const realOf = (path: string): string | undefined => {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** No updater looks after a program that lies elsewhere, or where it never ran. */
const placeOf = ({ slotsFolder, packageFolder, ownFolder }: UpdateDeskOptions): ReleasePlace | undefined => {
  if (!existsSync(slotsFolder)) return undefined
  const own = realOf(ownFolder)
  const places = [
    ['package', packageFolder],
    ['a', join(slotsFolder, 'slots/a')],
    ['b', join(slotsFolder, 'slots/b')],
  ] as const
  return places.find(([, folder]) => own !== undefined && realOf(folder) === own)?.[0]
}

const writeAll = async (file: FileHandle, bytes: Uint8Array): Promise<void> => {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
}

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  await using file = await open(path)
  const buffer = Buffer.alloc(SYNC_BYTES / 8)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
  }
}

const syncFolder = async (folder: string): Promise<void> => {
  await using handle = await open(folder)
  await handle.sync()
}

export const openUpdateDesk = (options: UpdateDeskOptions): UpdateDesk => new FileDesk(options)
