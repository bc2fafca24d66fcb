import { randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../core/error.ts'
import type { Reading } from '../../core/sensor/reading.ts'

const BYTES = 65_536
const NO_ROOM: readonly string[] = ['ENOSPC', 'EDQUOT']

/** Has clean pages of a file leave the memory, so that it is read from the disk. */
export type LeaveMemory = (fd: number) => void

const writeAndRead = async (path: string, leaveMemory: LeaveMemory): Promise<boolean> => {
  const written = randomBytes(BYTES)
  const file = await open(path, 'w+', 0o600)
  try {
    await file.writeFile(written)
    await file.sync()
    leaveMemory(file.fd)
    const read = Buffer.alloc(BYTES)
    const { bytesRead } = await file.read(read, 0, BYTES, 0)
    return bytesRead === BYTES && read.equals(written)
  } finally {
    await file.close()
  }
}

/**
 * Writes a small file into a folder and reads it back from the disk: 0 when it is the same, 1 when it is not or
 * the disk refuses. Undefined: it is full, which others tell.
 */
export const tryCard = async (folder: string, leaveMemory: LeaveMemory): Promise<Reading> => {
  const path = join(folder, 'card-test')
  try {
    return (await writeAndRead(path, leaveMemory))
      ? { value: 0 }
      : { value: 1, detail: 'what was written did not come back' }
  } catch (error) {
    const isFull = error instanceof Error && 'code' in error && NO_ROOM.includes(String(error.code))
    return isFull ? undefined : { value: 1, detail: messageOf(error) }
  } finally {
    await rm(path, { force: true }).catch(() => undefined)
  }
}
