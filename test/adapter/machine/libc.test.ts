import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, writeSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openGpioKernel } from '../../../drivers/gpio/gpiochip/kernel.ts'
import { describeErrno } from '../../../drivers/native/errno.ts'
import { openLibc } from '../../../drivers/native/libc.ts'

const libc = openLibc()

const withFile = (path: string, action: (fd: number) => void): void => {
  const fd = openSync(path, 'r+')
  try {
    action(fd)
  } finally {
    closeSync(fd)
  }
}

it('a GPIO request to something that is no GPIO chip is answered with minus ENOTTY', () => {
  for (const path of ['/dev/null', '/dev/ptmx']) {
    withFile(path, (fd) => {
      expect(libc.ioctl(fd, 0x8044b401, Buffer.alloc(68))).toBe(-constants.errno.ENOTTY)
    })
  }
})

it('a request to a descriptor that is not open is answered with minus EBADF', () => {
  expect(libc.ioctl(-1, 0x8044b401, Buffer.alloc(68))).toBe(-constants.errno.EBADF)
})

it('an ioctl writes its answer into the buffer', () => {
  const TIOCSWINSZ = 0x5414
  const TIOCGWINSZ = 0x5413
  withFile('/dev/ptmx', (fd) => {
    expect(libc.ioctl(fd, TIOCSWINSZ, Buffer.from([24, 0, 80, 0, 0, 0, 0, 0]))).toBe(0)
    const size = Buffer.alloc(8)
    expect(libc.ioctl(fd, TIOCGWINSZ, size)).toBe(0)
    expect([size.readUInt16LE(0), size.readUInt16LE(2)]).toEqual([24, 80])
  })
})

it('adjtimex fills in the time of day', () => {
  const timex = Buffer.alloc(208)
  expect(libc.adjtimex(timex)).toBeGreaterThanOrEqual(0)
  const seconds = Number(timex.readBigInt64LE(72))
  expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(5)
  // Nominal length of a tick in microseconds at USER_HZ 100, adjustable by 10 %.
  expect(Number(timex.readBigInt64LE(88))).toBeGreaterThan(9_000)
})

it('an errno is put in words', () => {
  expect(describeErrno(-constants.errno.EBUSY)).toBe('EBUSY (resource busy or locked)')
  expect(describeErrno(-9999)).toBe('errno 9999 (unknown error)')
})

it('edges are waited for in the pool: those ready are told at once, none after the time, and the loop turns meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-poll-'))
  const open = (name: string): number => {
    execFileSync('mkfifo', [join(folder, name)])
    return openSync(join(folder, name), 'r+')
  }
  const [quiet, told] = [open('quiet'), open('told')]
  const kernel = openGpioKernel()
  expect(await kernel.poll([quiet, told], 20)).toEqual([])
  const waiting = kernel.poll([quiet, told], 20_000)
  setTimeout(() => writeSync(told, 'edge'), 5)
  expect(await waiting).toEqual([told])
  const bytes = Buffer.alloc(48)
  expect(kernel.read(told, bytes)).toBe(4)
  expect(bytes.toString('latin1', 0, 4)).toBe('edge')
  expect(kernel.read(-1, bytes)).toBe(-constants.errno.EBADF)
  closeSync(quiet)
  closeSync(told)
})
