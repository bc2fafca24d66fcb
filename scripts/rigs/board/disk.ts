import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'

/** Makes an ext4 image of so many MiB, with what is in `from`, without mounting anything. */
export const makeDisk = (image: string, sizeMib: number, from?: string): void => {
  rmSync(image, { force: true })
  // biome-ignore format: one option and its value a group
  execFileSync('mke2fs', [
    '-q', '-F', '-t', 'ext4', '-E', 'lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0',
    ...(from === undefined ? [] : ['-d', from]),
    image, `${sizeMib}M`,
  ])
}
