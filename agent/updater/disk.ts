import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { LoaError } from '../core/error.ts'

const LOCK_SECONDS = 30

/** What changes the disk, one step each: a cut leaves what the steps before it have made. */
export interface Disk {
  /** Waits until no other process holds the file locked, and holds it. @throws BUSY after half a minute */
  lock(path: string): Disposable
  makeFolder(path: string): void
  /** A folder with all that is in it; nothing when it is not there. */
  remove(path: string): void
  rename(from: string, to: string): void
  symlink(target: string, path: string): void
  /** A new file with its bytes on the medium. */
  writeSynced(path: string, text: string): void
  /** Names in a folder are on the medium. */
  syncFolder(path: string): void
  /** Everything below is on the medium. */
  syncTree(path: string): void
  /** Copies what an open file holds, at most `maxBytes` of it, and hashes it on the way. */
  copy(descriptor: number, path: string, maxBytes: number): Copied
  /** The control fields of a package. */
  fields(packageFile: string): ReadonlyMap<string, string>
  /** What a package would install. */
  unpack(packageFile: string, folder: string): void
}
export type Copied = { readonly bytes: number; readonly sha256: string }

const CHUNK = 262_144
const { O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY } = constants
const WRITE = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
/** A slow card takes minutes for a hundred megabytes in two thousand files. */
const UNPACK_MS = 1_200_000
const READ_MS = 60_000

type RunOptions = { readonly timeout: number; readonly maxBuffer?: number }

const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }

const runProgram = (program: string, args: readonly string[], options: RunOptions): string =>
  execFileSync(program, args, {
    ...options,
    encoding: 'utf8',
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
    killSignal: 'SIGKILL',
  })

const withFile = <T>(path: string, flags: number, use: (descriptor: number) => T): T => {
  const descriptor = openSync(path, flags, 0o644)
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const syncFolder = (path: string): void => withFile(path, O_RDONLY | O_DIRECTORY, fsyncSync)

const writeAll = (descriptor: number, bytes: Uint8Array): void => {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done)
}

/**
 * The lock belongs to the open file: flock(1) takes it for this process, and the kernel gives it back however this process
 * ends.
 */
const lock = (path: string): Disposable => {
  const descriptor = openSync(path, 'a', 0o600)
  const close = (): void => closeSync(descriptor)
  const { status, error } = spawnSync('flock', ['--exclusive', '--timeout', String(LOCK_SECONDS), '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
    timeout: (LOCK_SECONDS + 5) * 1_000,
    env: ENVIRONMENT,
  })
  if (status !== 0) {
    close()
    throw new LoaError('BUSY', 'the slots are held by another updater', { cause: error })
  }
  return { [Symbol.dispose]: close }
}

const packageFields = (packageFile: string): ReadonlyMap<string, string> =>
  new Map(
    runProgram('dpkg-deb', ['--field', packageFile, 'Package', 'Version', 'Architecture', 'Installed-Size'], {
      timeout: READ_MS,
      maxBuffer: 65_536,
    })
      .split('\n')
      .flatMap((line) => {
        const [, name, value] = /^([A-Za-z-]+): (.*)$/.exec(line) ?? []
        return name === undefined || value === undefined ? [] : [[name, value] as const]
      }),
  )

export const realDisk: Disk = {
  lock,
  makeFolder: (path) => {
    mkdirSync(path, { recursive: true, mode: 0o755 })
  },
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  rename: renameSync,
  symlink: symlinkSync,
  writeSynced: (path, text) =>
    withFile(path, WRITE, (descriptor) => {
      writeAll(descriptor, Buffer.from(text))
      fsyncSync(descriptor)
    }),
  syncFolder,
  syncTree: (path) => {
    runProgram('sync', ['--file-system', path], { timeout: UNPACK_MS })
  },
  copy: (from, path, maxBytes) =>
    withFile(path, WRITE, (to) => {
      const hash = createHash('sha256')
      const chunk = Buffer.alloc(CHUNK)
      let bytes = 0
      for (;;) {
        const length = readSync(from, chunk, 0, CHUNK, bytes)
        if (length === 0 || bytes + length > maxBytes)
          return { bytes: bytes + length, sha256: hash.digest('hex') }
        const part = chunk.subarray(0, length)
        writeAll(to, part)
        hash.update(part)
        bytes += length
      }
    }),
  fields: packageFields,
  unpack: (packageFile, folder) => {
    runProgram('dpkg-deb', ['--extract', packageFile, folder], { timeout: UNPACK_MS })
  },
}
