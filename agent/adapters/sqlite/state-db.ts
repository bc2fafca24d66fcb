import { createHash, randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { LoaError, messageOf } from '../../core/error.ts'
import { type EpochMs, epochMs, isoUtc } from '../../core/time.ts'
import type { Logger } from '../../ports/logger.ts'
import type { StateStore } from '../../ports/state-store.ts'
import { databaseError, openDatabase, setAside } from './database.ts'
import { DiskReserve } from './disk-reserve.ts'
import { checkSound } from './sound-check.ts'
import { SqliteDocuments } from './state-documents.ts'
import { SqliteFacts } from './state-facts.ts'
import { ARBITER_INPUTS } from './state-files.ts'
import { SqliteJournal } from './state-journal.ts'
import { SqliteLedger } from './state-ledger.ts'
import { type Mirror, type MirrorContent, readMirror, writeMirror } from './state-mirror.ts'
import { SqliteOutbox } from './state-outbox.ts'
import { ProgressFile } from './state-progress.ts'
import { Refuge } from './state-refuge.ts'
import { STATE_ADDITIONS, STATE_MIGRATIONS } from './state-schema.ts'
import { giveFallbacks, inTransaction } from './state-transaction.ts'
import { readTrustMirror, writeTrustMirror } from './trust-mirror.ts'

export type StateDbOptions = {
  /** `paths.state`. */
  readonly directory: string
  /** A folder in memory that outlives the process: what need not outlive a power cut goes there. */
  readonly runtime?: string
  readonly machineId: string
  readonly wall: () => EpochMs
  readonly log: Pick<Logger, 'warn'>
  /** Milliseconds that never jump; those of this process when absent. */
  readonly mono?: () => number
  /** Names of the facts that must outlive state.db. */
  readonly mirroredFacts: readonly string[]
  /** Names of the facts that change each minute. */
  readonly restlessFacts?: readonly string[]
  /** Unacknowledged records kept at most. */
  readonly outboxLimit?: number
}

const OUTBOX_LIMIT = 100_000
const KEPT_MS = 90 * 86_400_000

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

type Opened = {
  readonly database: Database
  readonly reserve: DiskReserve
  readonly damaged: boolean
  /** Why there is no copy of what it was before its migration. */
  readonly copyMissing?: string
}

const open = (path: string): Pick<Opened, 'database' | 'copyMissing'> => {
  let copyMissing: string | undefined
  const onMissing = (why: unknown): void => {
    copyMissing = messageOf(why)
  }
  const database = openDatabase(path, {
    migrations: STATE_MIGRATIONS,
    additions: STATE_ADDITIONS,
    copy: { onMissing },
    synchronous: 'FULL',
    cacheKib: 512,
  })
  return { database, ...(copyMissing === undefined ? {} : { copyMissing }) }
}

/** A database that cannot be read is kept for the support bundle, and a new one takes its place. */
const openOrReplace = (path: string, options: StateDbOptions): Omit<Opened, 'reserve'> => {
  try {
    return { ...open(path), damaged: false }
  } catch (thrown) {
    if (!(thrown instanceof LoaError) || thrown.code !== 'DATABASE') throw thrown
    const kept = setAside(path, `damaged-${options.wall()}`)
    options.log.warn({ code: 'DATABASE', kept, cause: messageOf(thrown) }, 'state.db is damaged: begun anew')
    return { ...open(path), damaged: true }
  }
}

/** SQLite says of a read-only disk only that it is unable to open the file. @throws IO */
const makeWritable = (directory: string): void => {
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK)
  } catch (thrown) {
    throw new LoaError('IO', `the state cannot be written: ${messageOf(thrown)}`, { cause: thrown })
  }
}

const openMirror = <Content>(
  path: string,
  read: (path: string) => Mirror<Content>,
  log: StateDbOptions['log'],
): Content => {
  const { content, problem } = read(path)
  if (problem !== undefined)
    log.warn({ code: 'DATABASE', path, cause: messageOf(problem) }, 'the mirror of state.db cannot be read')
  return content
}

class StateDb implements StateStore {
  readonly documents: SqliteDocuments
  readonly ledger: SqliteLedger
  readonly outbox: SqliteOutbox
  readonly facts: SqliteFacts
  readonly journal: SqliteJournal
  readonly #database: Database
  readonly #reserve: DiskReserve
  readonly #refuge: Refuge
  readonly #progress: ProgressFile
  readonly #mirrorPath: string
  readonly #log: StateDbOptions['log']
  #mirror: MirrorContent

  constructor(
    { database, reserve, damaged, copyMissing }: Opened,
    mirror: MirrorContent,
    options: StateDbOptions,
  ) {
    const { directory, mirroredFacts, machineId, wall } = options
    this.#database = database
    this.#reserve = reserve
    const mono = options.mono ?? ((): number => performance.now())
    // What is sent from memory may never reach the disk: a start from there must not give its numbers again.
    this.#refuge = new Refuge(database, { log: options.log, mono, onEntered: () => this.outbox.renew() })
    giveFallbacks(database, { reserve, refuge: this.#refuge })
    this.#log = options.log
    this.#mirror = mirror
    this.#mirrorPath = join(directory, 'facts.json')
    const shadow = options.runtime && join(options.runtime, 'positions')
    this.#progress = new ProgressFile(join(directory, 'progress'), mono, shadow)
    const chain = database.prepare<[], { epoch: string; n: number }>('SELECT epoch, n FROM chain').get()
    this.outbox = new SqliteOutbox(
      database,
      {
        machineId,
        sha256Hex,
        newEpoch: () => randomBytes(16).toString('hex'),
        wall,
        limit: options.outboxLimit ?? OUTBOX_LIMIT,
        // A mirror with another epoch than the database is that of a restored copy.
        onRenewed: () => this.#save({}),
      },
      {
        damaged,
        previous: mirror.epoch,
        restored:
          chain !== undefined &&
          mirror.epoch !== undefined &&
          (mirror.epoch !== chain.epoch || mirror.n > chain.n),
      },
    )
    this.ledger = new SqliteLedger(database, this.outbox, this.#progress)
    const trustPath = join(directory, 'trust.json')
    this.documents = new SqliteDocuments(database, {
      revisions: mirror.revisions,
      trust: openMirror(trustPath, readTrustMirror, options.log),
      saveRevisions: (revisions) => this.#save({ revisions: Object.fromEntries(revisions) }),
      saveTrust: (documents) => this.#write(trustPath, () => writeTrustMirror(trustPath, documents)),
    })
    const toMirror = (name: string, facts: ReadonlyMap<string, string>): void => {
      if (!mirroredFacts.includes(name)) return
      this.#save({ facts: Object.fromEntries([...facts].filter(([each]) => mirroredFacts.includes(each))) })
    }
    const restless = { names: options.restlessFacts ?? [], file: this.#progress, mono }
    this.facts = new SqliteFacts(database, mirror.facts, toMirror, restless)
    this.#save({})
    this.journal = this.#openJournal(options)
    if (copyMissing !== undefined) this.#tellCopyMissing(copyMissing, wall())
  }

  get isDiskFull(): boolean {
    return this.#reserve.isSpent
  }

  get unwritable(): string | undefined {
    return this.#refuge.why
  }

  tick(): void {
    this.#refuge.leave()
  }

  prune(now: EpochMs, keep: number): void {
    this.#reserve.restore()
    const before = epochMs(now - KEPT_MS)
    inTransaction(this.#database, () => {
      this.outbox.prune(before, keep)
      this.ledger.prune(before)
    })
    if (this.unwritable !== undefined) return
    // A large deletion leaves a -wal file of its size behind.
    this.#database.pragma('wal_checkpoint(TRUNCATE)')
  }

  async damage(): Promise<string | undefined> {
    this.tick()
    // What counts is in memory, and takes the place of what is on the disk when that can be written.
    if (this.unwritable !== undefined) return undefined
    try {
      const verdict = await checkSound(this.#database.name)
      return verdict === 'ok' ? undefined : verdict
    } catch (thrown) {
      const fault = databaseError(thrown, this.#database.name)
      if (fault instanceof LoaError && fault.code === 'DATABASE') return fault.message
      throw fault
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#refuge.leave(true)
    this.journal.close()
    this.#save({})
    this.#progress.close()
    this.#database.close()
    return Promise.resolve()
  }

  #openJournal({ runtime, wall, log }: StateDbOptions): SqliteJournal {
    const file = runtime && join(runtime, ARBITER_INPUTS)
    return new SqliteJournal(this.#database, { wall, log, ...(file === undefined ? {} : { file }) })
  }

  #tellCopyMissing(message: string, at: EpochMs): void {
    this.#log.warn({ cause: message }, 'state.db was brought up to date without a copy of what it was')
    const data = { source: 'copy of state.db', message }
    this.outbox.event({ at: isoUtc(at), code: 'DISK_FULL', severity: 'warning', data })
  }

  #save(changed: Partial<MirrorContent>): void {
    this.#mirror = {
      ...this.#mirror,
      epoch: this.outbox.epoch,
      n: this.outbox.lastNumber(),
      ...changed,
    }
    this.#write(this.#mirrorPath, () => writeMirror(this.#mirrorPath, this.#mirror))
  }

  #write(path: string, write: () => void): void {
    try {
      write()
    } catch (thrown) {
      // The database has it; the next change tries the mirror again.
      this.#log.warn({ path, cause: messageOf(thrown) }, 'the mirror of state.db cannot be written')
    }
  }
}

/**
 * Opens state.db with its mirrors `facts.json` and `trust.json` and the file `progress` beside it. A damaged database is set aside and
 * begun anew; what the mirrors remember is restored by maximum.
 * @throws DISK_FULL, IO, UNSUPPORTED
 */
export const openStateDb = (options: StateDbOptions): StateStore => {
  const path = join(options.directory, 'state.db')
  makeWritable(options.directory)
  // Before the database: with the disk full to the last byte it cannot be opened.
  const reserve = new DiskReserve(join(options.directory, 'reserve'))
  const opened = { ...openOrReplace(path, options), reserve }
  try {
    return new StateDb(
      opened,
      openMirror(join(options.directory, 'facts.json'), readMirror, options.log),
      options,
    )
  } catch (thrown) {
    opened.database.close()
    throw thrown
  }
}
