import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { LoaError, messageOf } from '../../core/error.ts'

/** Who may read a file that setup writes: its owner is root, or whoever runs it. */
export type Rights = {
  readonly mode: number
  /** Group; left as it is where only root could give it, or there is none. */
  readonly gid?: number | undefined
}

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const writeAll = (handle: number, bytes: Uint8Array): void => {
  let done = 0
  while (done < bytes.length) done += writeSync(handle, bytes, done)
}

const isRoot = (): boolean => process.geteuid?.() === 0

/** FAT, the boot partition, has neither owners nor rights. */
const settleRights = (file: string, { mode, gid }: Rights): void => {
  if (gid !== undefined && isRoot()) chownSync(file, 0, gid)
  chmodSync(file, mode)
}

const asIo = <T>(file: string, work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof LoaError) throw cause
    throw new LoaError('IO', `${file}: ${messageOf(cause)}`, { cause })
  }
}

/** A folder that was just made: as the package makes it. */
export const giveFolder = (folder: string, { gid }: Rights): void =>
  asIo(folder, () => settleRights(folder, { mode: 0o750, gid }))

const writeAside = (file: string, content: string | Uint8Array, rights: Rights): string => {
  const aside = `${file}.new`
  rmSync(aside, { force: true })
  // Nobody may read it before its rights are what they are to be.
  const handle = openSync(aside, 'wx', 0o600)
  try {
    writeAll(handle, Buffer.from(content))
    settleRights(aside, rights)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return aside
}

/** Writes the file so that after a power cut it is the old one or the new one. @throws IO */
export const writeWhole = (file: string, content: string | Uint8Array, rights: Rights): void =>
  asIo(file, () => {
    renameSync(writeAside(file, content, rights), file)
    syncFolder(dirname(file))
  })

/** As `writeWhole`, after another name for the old one was made. */
export const replaceKeeping = (file: string, old: string, content: string, rights: Rights): void =>
  asIo(file, () => {
    const aside = writeAside(file, content, rights)
    linkSync(file, old)
    renameSync(aside, file)
    syncFolder(dirname(file))
  })

/** Fills the file with zeros, on the medium, and removes it. What a card has moved elsewhere meanwhile it may still hold. */
export const wipe = (file: string): void =>
  asIo(file, () => {
    const handle = openSync(file, 'r+')
    try {
      writeAll(handle, new Uint8Array(statSync(file).size))
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    rmSync(file)
    syncFolder(dirname(file))
  })

export const rename = (from: string, to: string): void =>
  asIo(from, () => {
    renameSync(from, to)
    syncFolder(dirname(to))
  })

export const remove = (file: string): void =>
  asIo(file, () => {
    if (!existsSync(file)) return
    rmSync(file)
    syncFolder(dirname(file))
  })

/** Of a file that may be missing; larger ones than `maxBytes` are not read. @throws IO */
export const textOf = (file: string, maxBytes = 262_144): string | undefined =>
  asIo(file, () => {
    if (!existsSync(file)) return undefined
    const { size } = statSync(file)
    if (size > maxBytes) throw new Error(`${size} bytes, at most ${maxBytes} are taken`)
    return readFileSync(file, 'utf8')
  })

/** Number of a Unix group. `root` stands before /etc. */
export const groupId = (root: string, name: string): number | undefined => {
  const lines = (textOf(`${root}/etc/group`) ?? '').split('\n').map((line) => line.split(':'))
  const id = Number(lines.find(([group]) => group === name)?.[2] ?? Number.NaN)
  return Number.isNaN(id) ? undefined : id
}
