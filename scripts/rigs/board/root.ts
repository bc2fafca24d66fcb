import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cached } from '../../packaging/cached.ts'
import { debianRelease, unpackPackages } from './debian.ts'
import { makeDisk } from './disk.ts'

/** What the agent needs of a Debian system: its wrapper a shell, its jail a perl, its sound ALSA and ffmpeg. */
const PACKAGES = [
  'base-files',
  'bash',
  'busybox-static',
  'coreutils',
  'ffmpeg',
  'libasound2',
  'libc-bin',
  'libstdc++6',
  'perl-base',
]
const UNUSED = [
  'usr/share/doc',
  'usr/share/locale',
  'usr/share/man',
  'usr/share/icons',
  'var/cache/apt',
  'var/lib/apt',
]
const MOUNT_POINTS = ['dev', 'proc', 'sys', 'run', 'tmp', 'opt/loa', 'var/lib/loa']
const SIZE_MIB = 1600
const LIBRARIES = 'usr/lib/aarch64-linux-gnu'

/** What the configuration of the packages would have done, as far as it is needed. */
const configure = (root: string): void => {
  for (const each of MOUNT_POINTS) mkdirSync(join(root, each), { recursive: true })
  // Alternatives of update-alternatives.
  for (const [name, folder] of [
    ['libblas.so.3', 'blas'],
    ['liblapack.so.3', 'lapack'],
  ] as const)
    if (existsSync(join(root, LIBRARIES, folder, name)))
      symlinkSync(join(folder, name), join(root, LIBRARIES, name))
  writeFileSync(join(root, 'etc/machine-id'), `${'c'.repeat(32)}\n`)
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/bash\n')
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n')
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n')
}

/** A disk with a small Debian for arm64, to be used read-only; made once. */
export const rootDisk = (cache: string): string => {
  const folder = cached(cache, 'root', [debianRelease(), PACKAGES, 1], (into) => {
    const tree = join(into, 'tree')
    unpackPackages(tree, PACKAGES)
    for (const each of UNUSED) rmSync(join(tree, each), { recursive: true, force: true })
    configure(tree)
    makeDisk(join(into, 'root.img'), SIZE_MIB, tree)
    rmSync(tree, { recursive: true })
  })
  return join(folder, 'root.img')
}
