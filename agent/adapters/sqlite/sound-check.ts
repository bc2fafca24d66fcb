import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/** Small: it steps through pages and keeps none. MiB. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 } as const

// As text: the same in a checkout and in a build, and a worker needs no entry of its own in either.
const CHECK = `
const { parentPort, workerData } = require('node:worker_threads')
const Sqlite = require(workerData.sqlite)
const database = new Sqlite(workerData.path, { readonly: true, fileMustExist: true })
let verdict = ''
try {
  verdict = String(database.pragma('quick_check(1)', { simple: true }))
} finally {
  database.close()
}
parentPort.postMessage(verdict)
`

/**
 * Reads every page of a database in a thread of its own, while it is in use: on a slow card that takes seconds, in
 * which an alert must not wait. Resolves with `ok`, or what is damaged; `signal` ends it with a fault.
 */
export const checkSound = (path: string, signal?: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(CHECK, {
      eval: true,
      resourceLimits: LIMITS,
      workerData: { path, sqlite: createRequire(import.meta.url).resolve('better-sqlite3') },
    })
    const end = (): void => void worker.terminate()
    signal?.addEventListener('abort', end, { once: true })
    worker.once('message', resolve)
    // What cannot even be opened or read comes as an error of SQLite.
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', end)
      reject(new Error(`the check of ${path} ended with ${code}`))
    })
  })
