import { closeSync, openSync, readdirSync } from 'node:fs'
import { type Libc, openLibc } from '../../native/libc.ts'

/** What the GPIO drivers ask of the kernel; tests put a model of one in its place. */
export interface GpioKernel {
  /** Names in /dev of every GPIO chip, aliases included. */
  chipNames(): readonly string[]
  /** @throws Error with the code of open(2) */
  open(path: string): number
  close(fd: number): void
  /** Minus the errno when it fails. */
  ioctl(fd: number, request: number, argument: Uint8Array): number
  /** How many bytes were read into `into`; minus the errno when it fails. Blocks when nothing is there. */
  read(fd: number, into: Uint8Array): number
  /** Resolves with those that can be read or have failed as soon as there is one, with none after `timeoutMs`. */
  poll(fds: readonly number[], timeoutMs: number): Promise<readonly number[]>
}

const POLL_BYTES = 8
const POLLIN = 1

/** struct pollfd: fd s32 @0, events s16 @4, revents s16 @6. @see poll(2) */
const pollWith = async (
  libc: Libc,
  fds: readonly number[],
  timeoutMs: number,
): Promise<readonly number[]> => {
  const asked = Buffer.alloc(POLL_BYTES * fds.length)
  for (const [index, fd] of fds.entries()) {
    asked.writeInt32LE(fd, POLL_BYTES * index)
    asked.writeInt16LE(POLLIN, POLL_BYTES * index + 4)
  }
  if ((await libc.poll(asked, timeoutMs)) <= 0) return []
  return fds.filter((_, index) => asked.readInt16LE(POLL_BYTES * index + 6) !== 0)
}

export const openGpioKernel = (): GpioKernel => {
  const libc = openLibc()
  return {
    chipNames: () =>
      readdirSync('/dev')
        .filter((name) => /^gpiochip\d+$/.test(name))
        .sort((a, b) => Number(a.slice(8)) - Number(b.slice(8))),
    open: (path) => openSync(path, 'r+'),
    close: closeSync,
    ioctl: libc.ioctl,
    read: libc.read,
    poll: (fds, timeoutMs) => pollWith(libc, fds, timeoutMs),
  }
}
