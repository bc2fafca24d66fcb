import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cached } from './cached.ts'

const ROOT = join(import.meta.dirname, '../..')
const MODULE_FILES = ['package.json', 'package-lock.json', '.npmrc']
const DOWNLOAD_MS = 600_000

/** What Debian calls an architecture, and what npm, Node and `uname -m` call it. */
export const ARCHITECTURES = {
  amd64: { cpu: 'x64', machine: 'x86_64' },
  arm64: { cpu: 'arm64', machine: 'aarch64' },
} as const
export type Architecture = keyof typeof ARCHITECTURES

const nodeVersion = (): string => {
  const { packages }: { packages: Record<string, { version: string }> } = JSON.parse(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
  )
  return packages['node_modules/node']?.version ?? ''
}

/** The Node of the project, out of the package that its npm package would fetch on such a machine. */
const addNode = (modules: string, { cpu, machine }: (typeof ARCHITECTURES)[Architecture]): void => {
  const version = nodeVersion()
  const folder = mkdtempSync(join(tmpdir(), 'loa-node-'))
  const program = join(modules, 'node/bin/node')
  try {
    const options = { cwd: folder, encoding: 'utf8', timeout: DOWNLOAD_MS } as const
    const name = execFileSync('npm', ['pack', '--silent', `node-linux-${cpu}@${version}`], options).trim()
    execFileSync('tar', ['xf', name, 'package/bin/node', 'package/LICENSE'], options)
    mkdirSync(dirname(program), { recursive: true })
    copyFileSync(join(folder, 'package/bin/node'), program)
    copyFileSync(join(folder, 'package/LICENSE'), join(modules, 'node/LICENSE'))
    chmodSync(program, 0o755)
  } finally {
    rmSync(folder, { recursive: true })
  }
  const sum = createHash('sha256').update(readFileSync(program)).digest('hex')
  const known = readFileSync(join(ROOT, 'scripts/node.sha256'), 'utf8')
  if (!known.includes(`${sum}  ${version} ${machine}`))
    throw new Error(`node-linux-${cpu}@${version} is not the Node of scripts/node.sha256`)
}

/**
 * Folder `node_modules` with what the agent needs to run on an architecture, prebuilt, Node itself among it; made once for
 * each lock file.
 */
export const productionModules = (cache: string, architecture: Architecture): string => {
  const target = ARCHITECTURES[architecture]
  const recipe = MODULE_FILES.map((name) => readFileSync(join(ROOT, name), 'utf8'))
  const folder = cached(cache, `modules-${architecture}`, [recipe, 2], (into) => {
    for (const name of MODULE_FILES) copyFileSync(join(ROOT, name), join(into, name))
    const words = [
      `--cpu=${target.cpu}`,
      '--os=linux',
      '--libc=glibc',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]
    execFileSync('npm', ['ci', '--ignore-scripts', '--omit=dev', ...words], {
      cwd: into,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: DOWNLOAD_MS,
    })
    addNode(join(into, 'node_modules'), target)
  })
  return join(folder, 'node_modules')
}
