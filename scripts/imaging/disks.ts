import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs'
import { copyInto } from '../rigs/board/partitions.ts'
import { CARD_KINDS, type CardPlan, cardTable } from './card-plan.ts'

export type DiskOptions = {
  readonly bytes: number
  readonly uuid: string
  readonly label: string
}

/**
 * Makes an ext4 of a folder without mounting it. Times of its own are what E2FSPROGS_FAKE_TIME says. Blocks and inodes as of
 * the card that it grows to: by itself mke2fs gives a small one blocks of 1 KiB, four writes where the flash needs one.
 */
export const makeExt4 = (image: string, folder: string, { bytes, uuid, label }: DiskOptions): void => {
  rmSync(image, { force: true })
  const extended = `lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0,hash_seed=${uuid}`
  // biome-ignore format: one option and its value a group
  execFileSync('mke2fs', [
    '-q', '-F', '-t', 'ext4', '-b', '4096', '-I', '256', '-i', '16384', '-m', '1', '-L', label, '-U', uuid, '-E', extended, '-d', folder,
    image, `${bytes / 1024}k`,
  ], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** What a check of a file system has to say, or undefined when it found nothing. Nothing is mended. */
export const faultOf = (image: string, kind: 'ext4' | 'fat'): string | undefined => {
  const [program, ...words] = kind === 'ext4' ? ['e2fsck', '-f', '-n', image] : ['fsck.vfat', '-n', image]
  const { status, stdout, stderr, error } = spawnSync(program ?? '', words, { encoding: 'utf8' })
  if (error !== undefined) return `${program}: ${error.message}`
  return status === 0 ? undefined : `${program}: ${stdout}${stderr}`
}

/** Puts partitions, each an image, on a card that is a file. */
export const assemble = (
  card: string,
  plan: CardPlan,
  signature: string,
  images: Readonly<Record<(typeof CARD_KINDS)[number], string>>,
): void => {
  const file = openSync(card, 'w')
  try {
    writeSync(file, cardTable(plan, signature))
    for (const kind of CARD_KINDS) copyInto(file, images[kind], plan[kind].from)
  } finally {
    closeSync(file)
  }
  truncateSync(card, plan.total)
}
