import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { FOREIGN } from './debian.ts'

/** Programs of the emulated board, and the Debian packages they come in. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'qemu-system-aarch64': 'qemu-system-arm',
  mmdebstrap: 'mmdebstrap',
  mke2fs: 'e2fsprogs',
  e2fsck: 'e2fsprogs',
  debugfs: 'e2fsprogs',
  depmod: 'kmod',
  xz: 'xz-utils',
  npm: 'npm',
}

const isThere = (program: string): boolean =>
  // biome-ignore lint/style/noProcessEnv: where programs are is said there
  `${process.env['PATH']}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** Those that compile the native part of rpio for it. */
const COMPILERS: typeof PROGRAMS = {
  'aarch64-linux-gnu-gcc': 'g++-aarch64-linux-gnu',
  'aarch64-linux-gnu-g++': 'g++-aarch64-linux-gnu',
}

/** Those that run programs for arm64 one by one. */
const EMULATORS: typeof PROGRAMS = { 'qemu-aarch64-static': 'qemu-user-static', mmdebstrap: 'mmdebstrap' }

/** Says in words which of these are not installed. */
export const lackingOf = (programs: typeof PROGRAMS): string | undefined => {
  const missing = Object.keys(programs).filter((program) => !isThere(program))
  if (missing.length === 0) return undefined
  const packages = new Set(missing.map((program) => programs[program]))
  return `there is no ${missing.join(', ')}: apt-get install --no-install-recommends ${[...packages].join(' ')}`
}

const NAMESPACE = 'there is no binfmt_misc in a user namespace here: it takes Linux 6.7'

/** What it lacks to run programs for arm64 one by one. */
export const lackingForForeign = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'only root may put its root file system together'
  const lacking = lackingOf(EMULATORS)
  if (lacking !== undefined) return lacking
  return spawnSync(FOREIGN, ['true'], { timeout: 30_000 }).status === 0 ? undefined : NAMESPACE
}

/** What this machine lacks to emulate a board, in words; undefined when all is there. */
export const lackingForBoard = (): string | undefined =>
  process.getuid?.() === 0 ? lackingOf(PROGRAMS) : 'only root may put its root file system together'

/** What it lacks beside that to try the driver rpio. */
export const lackingForRpio = (): string | undefined => lackingOf(COMPILERS)
