import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { LoaError } from '../../agent/core/error.ts'
import { runForeign } from './base.ts'
import { cardFiles } from './card-files.ts'
import { CARD_KINDS, type CardPlan, namesOf, planCard } from './card-plan.ts'
import { type CardTrees, contentFaults } from './content.ts'
import { assemble, faultOf, makeExt4 } from './disks.ts'
import { makeFat } from './fat.ts'

export type ImageOrder = {
  readonly name: string
  /** For board.txt of the boot partition. */
  readonly boardText: string
  /** The package of the agent, a file. */
  readonly package: string
  /** An archive with the Debian that it goes onto. */
  readonly base: string
  /** Seconds since 1970 that everything in the image bears. */
  readonly moment: string
  /** An empty folder. */
  readonly work: string
  /** The file that becomes the card. */
  readonly card: string
}

export type PartUse = { readonly bytes: number; readonly used: number }

const usedIn = (folder: string): number =>
  Number.parseInt(execFileSync('du', ['-s', '--block-size=1', folder], { encoding: 'utf8' }), 10)

/** What the firmware reads beside kernel and configuration. */
const furnishBoot = (boot: string, text: string): void => {
  mkdirSync(join(boot, 'overlays'), { recursive: true })
  for (const source of globSync(join(import.meta.dirname, 'overlays/*.dts')).toSorted()) {
    const target = join(boot, 'overlays', basename(source).replace(/\.dts$/, '.dtbo'))
    execFileSync('dtc', ['-@', '-q', '-I', 'dts', '-O', 'dtb', '-o', target, source])
  }
  writeFileSync(join(boot, 'board.txt'), text)
  for (const file of globSync(join(import.meta.dirname, 'boot/*')))
    writeFileSync(join(boot, basename(file)), readFileSync(file))
}

/** Nothing in it is newer than the moment, so that the same input makes the same bytes. */
const settleTimes = (folder: string, moment: string): void => {
  const touch = ['-exec', 'touch', '-h', '-d', `@${moment}`, '{}', '+']
  execFileSync('find', [folder, '-newermt', `@${moment}`, ...touch])
}

const makeDisks = (plan: CardPlan, trees: CardTrees, { work, name, moment }: ImageOrder) => {
  const names = namesOf(`${name} ${moment}`)
  const images = {
    boot: join(work, 'boot.img'),
    system: join(work, 'system.img'),
    data: join(work, 'data.img'),
  }
  makeFat(images.boot, plan.boot.bytes, names.volume, trees.boot)
  const ext4 = (kind: 'system' | 'data', uuid: string): void =>
    makeExt4(images[kind], trees[kind], { bytes: plan[kind].bytes, uuid, label: `loa-${kind}` })
  ext4('system', names.systemUuid)
  ext4('data', names.dataUuid)
  return images
}

/**
 * Makes the image of a card and looks at it; says how full its partitions are.
 * @throws INVALID with everything that is not as it should be
 */
export const buildImage = (order: ImageOrder): Readonly<Record<keyof CardTrees, PartUse>> => {
  const { work, moment } = order
  const { signature } = namesOf(`${order.name} ${moment}`)
  const files = join(work, 'files')
  cardFiles(files, signature)
  runForeign([join(import.meta.dirname, 'furnish'), order.base, order.package, files, work])
  const trees = { system: join(work, 'system'), data: join(work, 'data'), boot: join(work, 'boot') }
  furnishBoot(trees.boot, order.boardText)
  for (const folder of Object.values(trees)) settleTimes(folder, moment)
  const plan = planCard({ system: usedIn(trees.system), data: usedIn(trees.data) })
  const images = makeDisks(plan, trees, order)
  const faults = [
    ...contentFaults(trees),
    ...CARD_KINDS.map((kind) => faultOf(images[kind], kind === 'boot' ? 'fat' : 'ext4')),
  ].filter((fault) => fault !== undefined)
  if (faults.length > 0)
    throw new LoaError('INVALID', `the image is not as it should be:\n  ${faults.join('\n  ')}`)
  assemble(order.card, plan, signature, images)
  const use = (kind: keyof CardTrees): PartUse => ({ bytes: plan[kind].bytes, used: usedIn(trees[kind]) })
  return { boot: use('boot'), system: use('system'), data: use('data') }
}
