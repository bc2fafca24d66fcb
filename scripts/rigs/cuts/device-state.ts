import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ProgressFile } from '../../../agent/adapters/sqlite/state-progress.ts'

/** An occurrence that was armed, waited or played when the power went. */
export type OpenOccurrence = {
  readonly document: string
  readonly item: string
  readonly planned: number
  /** Sound of it was noted. */
  readonly begun: boolean
}

/** What the state disk holds after a power cut, its file system recovered as at the next mount. */
export type DeviceState = {
  /** What fsck and SQLite find wrong. */
  readonly damage: readonly string[]
  readonly epoch: string
  /** The last number given. */
  readonly n: number
  /** Hashes of the records of the epoch by number. */
  readonly records: ReadonlyMap<number, string>
  /** Revisions of the documents in force. */
  readonly documents: Readonly<Record<string, number>>
  readonly open: readonly OpenOccurrence[]
}

const FSCK_BEYOND_JOURNAL = 4

type Row = Readonly<Record<string, unknown>>

/** Everything on an ext4 image in a folder, after the recovery of its journal; the image stays as it is. */
const unpack = (image: string, folder: string): readonly string[] => {
  const copy = join(folder, 'disk.img')
  copyFileSync(image, copy)
  const fsck = spawnSync('e2fsck', ['-p', copy], { encoding: 'utf8' })
  execFileSync('debugfs', ['-R', `rdump / ${folder}`, copy], { stdio: 'ignore' })
  rmSync(copy)
  return (fsck.status ?? FSCK_BEYOND_JOURNAL) < FSCK_BEYOND_JOURNAL ? [] : [`file system: ${fsck.stdout}`]
}

const integrity = (path: string): readonly string[] => {
  if (!existsSync(path)) return []
  const name = path.split('/').at(-1)
  try {
    using database = new DatabaseSync(path)
    const rows = database.prepare('PRAGMA integrity_check').all()
    return rows
      .map((row) => String(row['integrity_check']))
      .filter((verdict) => verdict !== 'ok')
      .map((verdict) => `${name}: ${verdict}`)
  } catch (error) {
    return [`${name}: ${String(error)}`]
  }
}

const openOf = (row: Row, progress: ProgressFile['progress']): OpenOccurrence => {
  const [document, item, planned] = [String(row['document']), String(row['item']), Number(row['planned'])]
  const newer = progress[JSON.stringify([document, item, planned])]
  const { asRun }: { asRun?: { startedAt?: number } } = JSON.parse(newer?.resume ?? String(row['resume']))
  return { document, item, planned, begun: asRun?.startedAt !== undefined }
}

const NOTHING = { epoch: '', n: 0, records: new Map(), documents: {}, open: [] }

const read = (folder: string, damage: readonly string[]): DeviceState => {
  using database = new DatabaseSync(join(folder, 'state.db'))
  const all = (sql: string): readonly Row[] => database.prepare(sql).all()
  // Cut in the very first start: there is a file and nothing in it yet, and the next start fills it.
  if (all('PRAGMA user_version')[0]?.['user_version'] === 0) return { ...NOTHING, damage }
  const [chain] = all('SELECT epoch, n FROM chain')
  const records = all('SELECT outbox.n, record FROM outbox JOIN chain USING (generation)')
  const progress = new ProgressFile(join(folder, 'progress'), () => 0)
  const open = all('SELECT document, item, planned, resume FROM ledger WHERE open = 1').map((row) =>
    openOf(row, progress.progress),
  )
  progress.close()
  return {
    damage,
    epoch: String(chain?.['epoch']),
    n: Number(chain?.['n']),
    records: new Map(
      records.map((row) => [Number(row['n']), String(JSON.parse(String(row['record'])).hash)]),
    ),
    documents: Object.fromEntries(
      all('SELECT key, rev FROM documents').map(({ key, rev }) => [String(key), Number(rev)]),
    ),
    open,
  }
}

/** What is on a state disk; the image stays as it is. */
export const readDeviceState = (image: string): DeviceState => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-disk-'))
  try {
    const damage = unpack(image, folder)
    const found = [...damage, ...['state.db', 'media.db'].flatMap((name) => integrity(join(folder, name)))]
    try {
      return read(folder, found)
    } catch (error) {
      return { ...NOTHING, damage: [...found, `state.db cannot be read: ${String(error)}`] }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
