import { closeSync, openSync, readdirSync } from 'node:fs'
import { openLibc } from '../../native/libc.ts'

/** What the GPIO drivers ask of the kernel; tests put a model of one in its place. */
export interface GpioKernel {
  /** Names in /dev of every GPIO chip, aliases included. */
  chipNames(): readonly string[]
  /** @throws Error with the code of open(2) */
  open(path: string): number
  close(fd: number): void
  /** Minus the errno when it fails. */
  ioctl(fd: number, request: number, argument: Uint8Array): number
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
  }
}
