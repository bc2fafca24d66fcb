import type { Database } from 'better-sqlite3'
import { LoaError } from '../../core/error.ts'
import { type CachedFile, CHUNK_BYTES, type Verified } from '../../ports/media-cache.ts'
import { openDatabase } from './database.ts'
import { HandSync, type SyncFile } from './hand-sync.ts'
import { CHUNKS_PER_FILE, type FileRow, MEDIA_MIGRATIONS, verifiedOf } from './media-schema.ts'

/** Every statement on one open media.db; each write is one transaction, none waits for the medium. */
export class MediaStore {
  readonly #database: Database
  readonly #sync: HandSync
  readonly #chunkOf
  readonly #fileOf
  readonly #files
  readonly #total
  readonly #insertFile
  readonly #putChunk
  readonly #dropChunk
  readonly #setBytes
  readonly #setVerified
  readonly #dropFile
  readonly #made
  readonly #noteMade

  constructor(database: Database, sync: HandSync) {
    this.#database = database
    this.#sync = sync
    this.#fileOf = database.prepare<[string], FileRow>('SELECT * FROM file WHERE sha256 = ?')
    this.#files = database.prepare<[], FileRow>('SELECT * FROM file ORDER BY id')
    this.#total = database.prepare<[], { bytes: number }>('SELECT total(bytes) AS bytes FROM file')
    this.#chunkOf = database.prepare<[number, number, number], { data: Buffer }>(
      'SELECT substr(data, ?, ?) AS data FROM chunk WHERE id = ?',
    )
    this.#insertFile = database.prepare<[string]>('INSERT OR IGNORE INTO file (sha256, bytes) VALUES (?, 0)')
    this.#putChunk = database.prepare<[number, Uint8Array]>(
      'INSERT OR REPLACE INTO chunk (id, data) VALUES (?, ?)',
    )
    this.#dropChunk = database.prepare<[number]>('DELETE FROM chunk WHERE id = ?')
    this.#setBytes = database.prepare<[number, number]>(
      'UPDATE file SET bytes = ?, format = NULL WHERE id = ?',
    )
    this.#setVerified = database.prepare<[string, number, number, number, string]>(
      'UPDATE file SET format = ?, seconds = ?, integrated_lufs = ?, true_peak_db = ? WHERE sha256 = ?',
    )
    this.#dropFile = database.prepare<[number]>('DELETE FROM file WHERE id = ?')
    this.#made = database.prepare<[string], FileRow>(
      'SELECT file.* FROM made JOIN file ON file.id = made.file WHERE made.recipe = ?',
    )
    this.#noteMade = database.prepare<[string, string]>(
      'INSERT OR REPLACE INTO made (recipe, file) SELECT ?, id FROM file WHERE sha256 = ?',
    )
  }

  files(): readonly CachedFile[] {
    return this.#files.all().map(cachedFile)
  }

  find(sha256: string): CachedFile | undefined {
    const row = this.#fileOf.get(sha256)
    return row === undefined ? undefined : cachedFile(row)
  }

  totalBytes(): number {
    return this.#total.get()?.bytes ?? 0
  }

  spareBytes(): number {
    const pages = Number(this.#database.pragma('freelist_count', { simple: true }))
    return pages * Number(this.#database.pragma('page_size', { simple: true }))
  }

  read(sha256: string, offset: number, length: number): Uint8Array {
    const row = this.#fileOf.get(sha256)
    if (row === undefined) return new Uint8Array(0)
    const end = Math.min(row.bytes, offset + length)
    const pieces: Buffer[] = []
    for (let at = offset; at < end; ) {
      const within = at % CHUNK_BYTES
      const wanted = Math.min(CHUNK_BYTES - within, end - at)
      const piece = this.#piece(row, chunkId(row, at), within, wanted)
      pieces.push(piece)
      at += piece.length
    }
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
  }

  /** Takes as much as fills one chunk and says how much that was. */
  appendChunk(sha256: string, bytes: Uint8Array): number {
    return this.#database.transaction(() => {
      this.#insertFile.run(sha256)
      const row = this.#fileOf.get(sha256)
      if (row === undefined) throw new LoaError('DATABASE', `${sha256} vanished`)
      const within = row.bytes % CHUNK_BYTES
      const taken = Math.min(CHUNK_BYTES - within, bytes.length)
      const id = chunkId(row, row.bytes)
      const fresh = bytes.subarray(0, taken)
      this.#putChunk.run(id, within === 0 ? fresh : Buffer.concat([this.#piece(row, id, 0, within), fresh]))
      this.#setBytes.run(row.bytes + taken, row.id)
      return taken
    })()
  }

  /** Takes away the last chunk, at last the file. False: there was nothing left to take. */
  dropChunk(sha256: string): boolean {
    return this.#database.transaction(() => {
      const row = this.#fileOf.get(sha256)
      if (row === undefined) return false
      const rest = Math.max(0, Math.ceil(row.bytes / CHUNK_BYTES) - 1) * CHUNK_BYTES
      this.#dropChunk.run(chunkId(row, rest))
      if (rest === 0) this.#dropFile.run(row.id)
      else this.#setBytes.run(rest, row.id)
      return rest > 0
    })()
  }

  complete(sha256: string, { format, measured }: Verified): void {
    this.#setVerified.run(format, measured.seconds, measured.integratedLufs, measured.truePeakDb, sha256)
  }

  made(recipe: string): CachedFile | undefined {
    const row = this.#made.get(recipe)
    return row === undefined ? undefined : cachedFile(row)
  }

  noteMade(recipe: string, sha256: string): void {
    this.#noteMade.run(recipe, sha256)
  }

  /** Moves a MiB of the end of the file into its spare room. False: there is none left. */
  shrinkStep(): boolean {
    this.#database.pragma('incremental_vacuum(64)')
    return this.spareBytes() > 0
  }

  /** No write may come between its start and its end. */
  checkpoint(): Promise<void> {
    return this.#sync.checkpoint()
  }

  close(): void {
    this.#database.close()
    this.#sync[Symbol.dispose]()
  }

  #piece(row: FileRow, id: number, within: number, wanted: number): Buffer {
    const data = this.#chunkOf.get(within + 1, wanted, id)?.data
    if (data?.length === wanted) return data
    throw new LoaError('DATABASE', `${this.#database.name}: a chunk of ${row.sha256} is not there`)
  }
}

const chunkId = (row: FileRow, offset: number): number =>
  row.id * CHUNKS_PER_FILE + Math.floor(offset / CHUNK_BYTES)

const cachedFile = (row: FileRow): CachedFile => ({
  sha256: row.sha256,
  bytes: row.bytes,
  verified: verifiedOf(row),
})

/** @throws DATABASE when the file is damaged or of a later agent */
export const openMediaStore = (path: string, sync: SyncFile | undefined): MediaStore => {
  const database = openDatabase(path, {
    migrations: MEDIA_MIGRATIONS,
    synchronous: 'OFF',
    // Looking at every page of a full cache takes minutes on an SD card; chunks are known by their digest.
    check: ['file', 'made'],
    pageBytes: 16_384,
    cacheKib: 256,
    checkpointPages: 0,
  })
  return new MediaStore(database, new HandSync(database, sync))
}
