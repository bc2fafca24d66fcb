import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { cached } from '../../packaging/cached.ts'
import { type CpioEntry, cpioArchive } from './cpio.ts'
import { debianRelease, unpackPackages } from './debian.ts'

export type Kernel = {
  readonly image: string
  readonly initrd: Buffer
  /** Folder of the descriptions of boards that come with it. */
  readonly deviceTrees: string
}

/** What every board needs before its root is there: PCI disks, ext4, network. */
const MODULES = ['virtio_pci', 'virtio_blk', 'crc32c_generic', 'ext4', 'virtio_net', 'virtio_rng']

const firstOf = (pattern: string, cwd: string): string => {
  const [found] = globSync(pattern, { cwd })
  if (found === undefined) throw new Error(`there is no ${pattern} in ${cwd}`)
  return join(cwd, found)
}

const nameOf = (path: string): string => basename(path).replace(/\.ko(\.xz)?$/, '')

/** Paths of modules with all that they need, in the order in which they can be loaded. */
const inOrder = (dependencies: string, wanted: readonly string[]): readonly string[] => {
  const needs = new Map(
    dependencies.split('\n').flatMap((line) => {
      const [path, rest] = line.split(':')
      return path === undefined || rest === undefined ? [] : [[path, rest.trim().split(/\s+/)] as const]
    }),
  )
  const byName = new Map([...needs.keys()].map((path) => [nameOf(path), path]))
  const ordered: string[] = []
  // A module that is built in has no file.
  for (const name of wanted) {
    const path = byName.get(name)
    if (path === undefined) continue
    const all = [path, ...(needs.get(path) ?? []).filter((each) => each !== '')]
    for (const each of all.toReversed()) if (!ordered.includes(each)) ordered.push(each)
  }
  return ordered
}

const plain = (file: string): Buffer =>
  file.endsWith('.xz') ? execFileSync('xz', ['-dc', file], { maxBuffer: 2 ** 27 }) : readFileSync(file)

const entriesOf = (modules: string, names: readonly string[], busybox: Buffer): readonly CpioEntry[] => {
  const files = inOrder(readFileSync(join(modules, 'modules.dep'), 'utf8'), names).map((path, i) => ({
    path: `modules/${String(i).padStart(2, '0')}-${nameOf(path)}.ko`,
    mode: 0o644,
    content: plain(join(modules, path)),
  }))
  const folders = ['bin', 'dev', 'proc', 'sys', 'root', 'modules']
  return [
    ...folders.map((path) => ({ path, mode: 0o755 })),
    { path: 'bin/busybox', mode: 0o755, content: busybox },
    { path: 'init', mode: 0o755, content: readFileSync(join(import.meta.dirname, 'initrd-init')) },
    ...files,
  ]
}

/**
 * Debian's arm64 kernel, and an initial RAM disk that loads its modules and passes on to `/sbin/init` of the first disk.
 * @param extra names of further modules
 */
export const debianKernel = (cache: string, extra: readonly string[] = []): Kernel => {
  const folder = cached(cache, 'kernel', [debianRelease(), 1], (into) => {
    unpackPackages(into, ['linux-image-arm64', 'busybox-static'])
    const base = existsSync(join(into, 'usr/lib/modules')) ? join(into, 'usr') : into
    const [version = ''] = readdirSync(join(base, 'lib/modules'))
    execFileSync('depmod', ['-b', base, version])
  })
  const modules = firstOf('{usr/lib,lib}/modules/*', folder)
  const busybox = readFileSync(firstOf('{usr/bin,bin}/busybox', folder))
  return {
    image: firstOf('boot/vmlinuz-*', folder),
    initrd: cpioArchive(entriesOf(modules, [...MODULES, ...extra], busybox)),
    deviceTrees: firstOf('usr/lib/linux-image-*', folder),
  }
}
