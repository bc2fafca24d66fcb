import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { productionModules } from '../../packaging/modules.ts'
import { makeDisk } from './disk.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PARTS = ['package.json', 'board-configs', 'dist', 'scripts/loa', 'scripts/jail', 'scripts/open-relays']
const SIZE_MIB = 400

type Fields = Readonly<Record<string, unknown>>
export type AgentFiles = {
  readonly config: Fields
  readonly board: Fields
  /** Further boards: with `NAME` the agent runs as `etc/agent-NAME.yaml` says. */
  readonly boards?: Readonly<Record<string, Fields>>
  /** May put more into the folder that becomes the disk. */
  readonly furnish?: (tree: string) => void
}

/** Writes a disk with the built agent of this checkout for arm64, its configuration and the board's first program. */
export const agentDisk = (
  image: string,
  cache: string,
  { config, board, boards = {}, furnish }: AgentFiles,
): void => {
  const tree = mkdtempSync(join(tmpdir(), 'loa-board-'))
  try {
    for (const part of PARTS) cpSync(join(ROOT, part), join(tree, part), { recursive: true })
    cpSync(productionModules(cache, 'arm64'), join(tree, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    })
    mkdirSync(join(tree, 'etc'))
    for (const [name, described] of [['', board] as const, ...Object.entries(boards)]) {
      const suffix = name === '' ? '' : `-${name}`
      const path = `/opt/loa/etc/board${suffix}.yaml`
      writeFileSync(join(tree, `etc/agent${suffix}.yaml`), stringify({ ...config, board: path }))
      writeFileSync(join(tree, `etc/board${suffix}.yaml`), stringify(described))
    }
    furnish?.(tree)
    copyFileSync(join(import.meta.dirname, 'board-init'), join(tree, 'init'))
    chmodSync(join(tree, 'init'), 0o755)
    makeDisk(image, SIZE_MIB, tree)
  } finally {
    rmSync(tree, { recursive: true })
  }
}
