import { lackingOf } from '../rigs/board/lacking.ts'

/** Programs that make an image, and the Debian packages they come in. */
const PROGRAMS = {
  mmdebstrap: 'mmdebstrap',
  'qemu-aarch64-static': 'qemu-user-static',
  mke2fs: 'e2fsprogs',
  'mkfs.vfat': 'dosfstools',
  mcopy: 'mtools',
  dtc: 'device-tree-compiler',
  zstd: 'zstd',
}

/** What this machine lacks to make an image, in words; undefined when all is there. */
export const lackingForImage = (): string | undefined =>
  process.getuid?.() === 0 ? lackingOf(PROGRAMS) : 'only root may put a system together: sudo scripts/image'
