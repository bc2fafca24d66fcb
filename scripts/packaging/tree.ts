import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ARCHITECTURES, type Architecture } from './modules.ts'

const ROOT = join(import.meta.dirname, '../..')
const LIBRARY = 'usr/lib/loa-agent'
const DOCS = 'usr/share/doc/loa-agent'

/** Of the checkout, what runs, and the unit that `loa doctor` holds the running one against. */
const PROGRAM = [
  'package.json',
  'board-configs',
  'dist',
  'systemd',
  'scripts/loa',
  'scripts/jail',
  'scripts/open-relays',
  'scripts/updater',
]
/** Of the checkout, what the system reads, and where. */
const SYSTEM: Readonly<Record<string, string>> = {
  'systemd/loa-agent.service': 'usr/lib/systemd/system/loa-agent.service',
  'systemd/loa-agent-setup.service': 'usr/lib/systemd/system/loa-agent-setup.service',
  'systemd/loa-agent-enrol.service': 'usr/lib/systemd/system/loa-agent-enrol.service',
  'systemd/loa-agent-update.service': 'usr/lib/systemd/system/loa-agent-update.service',
  'systemd/loa-agent-update.path': 'usr/lib/systemd/system/loa-agent-update.path',
  'systemd/loa-agent.sysusers': 'usr/lib/sysusers.d/loa-agent.conf',
  'systemd/loa-agent.tmpfiles': 'usr/lib/tmpfiles.d/loa-agent.conf',
  'systemd/loa-agent.rules': 'usr/lib/udev/rules.d/60-loa-agent.rules',
  'docs/reference/completion/loa.bash': 'usr/share/bash-completion/completions/loa',
  'docs/reference/completion/_loa': 'usr/share/zsh/vendor-completions/_loa',
  'systemd/loa-agent-credentials.conf': `${DOCS}/examples/credentials.conf`,
  'scripts/packaging/debian/loa-agent.lintian-overrides': 'usr/share/lintian/overrides/loa-agent',
  'scripts/packaging/debian/copyright': `${DOCS}/copyright`,
  docs: `${DOCS}/docs`,
  'CHANGELOG.md': `${DOCS}/docs/CHANGELOG.md`,
}
/** The same, packed. */
const PACKED: Readonly<Record<string, string>> = {
  'docs/reference/man/man1/loa.1': 'usr/share/man/man1/loa.1.gz',
  'docs/reference/man/vi/man1/loa.1': 'usr/share/man/vi/man1/loa.1.gz',
}
/**
 * Packages of npm that only building or typing takes, and those whose native part is compiled in a checkout, with what only
 * they need.
 */
const NOT_RUN = [
  'typescript',
  'nan',
  'node-addon-api',
  '@types',
  '.bin',
  'rpio',
  'speaker',
  'bindings',
  'buffer-alloc',
]
/** Folders of a package that hold its source or its papers. */
const SOURCES = ['better-sqlite3/deps', 'better-sqlite3/src', 'koffi/doc']
const SUPERFLUOUS =
  /(\.(d\.[cm]?ts|[cm]?ts|map|md|markdown|c|cc|cpp|h|hh|flow|gyp|gypi|html|tsbuildinfo)|^\.package-lock\.json|^\.(npmignore|eslint.*|travis.*|prettier.*|editorconfig|nycrc|gitattributes|jshintrc))$/i
/** A licence is kept whatever it is called. */
const LICENCE = /licen[cs]e|copying|notice/i
const SUPERFLUOUS_FOLDERS =
  /^(test|tests|__tests__|\.github|benchmark|benchmarks|example|examples|man|fixtures)$/i

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))

/** Keeps what runs on this architecture. */
const prune = (modules: string, architecture: Architecture): void => {
  for (const name of [...NOT_RUN, ...SOURCES]) rmSync(join(modules, name), { recursive: true, force: true })
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const inPackage = relative(modules, path).split('/').length > 1
    const isFolder = entry.isDirectory() && inPackage && SUPERFLUOUS_FOLDERS.test(entry.name)
    const isFile = entry.isFile() && SUPERFLUOUS.test(entry.name) && !LICENCE.test(entry.name)
    if (isFolder || isFile) rmSync(path, { recursive: true, force: true })
  }
  const { cpu } = ARCHITECTURES[architecture]
  for (const path of filesIn(modules))
    if (path.endsWith('.node') && !path.includes(`linux-${cpu}`) && !path.includes(`linux_${cpu}`))
      rmSync(path)
  for (const path of filesIn(modules)) if (/musl/.test(path) && path.endsWith('.node')) rmSync(path)
}

/** Rights as a package has them, whatever the checkout and the umask were. */
const settleRights = (tree: string): void => {
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) continue
    const runs = entry.isDirectory() || ((lstatSync(path).mode & 0o100) !== 0 && !path.endsWith('.node'))
    chmodSync(path, runs ? 0o755 : 0o644)
  }
}

/** Fills `tree` with what the package puts on a system, `modules` being the node modules of the architecture. */
export const layOut = (tree: string, architecture: Architecture, modules: string): void => {
  const copy = (from: string, to: string): void => {
    mkdirSync(dirname(join(tree, to)), { recursive: true })
    cpSync(from, join(tree, to), { recursive: true, verbatimSymlinks: true })
  }
  for (const part of PROGRAM) copy(join(ROOT, part), join(LIBRARY, part))
  copy(modules, join(LIBRARY, 'node_modules'))
  prune(join(tree, LIBRARY, 'node_modules'), architecture)
  for (const [from, to] of Object.entries(SYSTEM)) copy(join(ROOT, from), to)
  for (const generated of ['man', 'completion', 'vectors'])
    for (const folder of ['reference', '.'])
      rmSync(join(tree, DOCS, 'docs', folder, generated), { recursive: true, force: true })
  for (const [from, to] of Object.entries(PACKED)) {
    mkdirSync(dirname(join(tree, to)), { recursive: true })
    writeFileSync(join(tree, to), gzipSync(readFileSync(join(ROOT, from)), { level: 9 }))
  }
  mkdirSync(join(tree, 'usr/bin'), { recursive: true })
  symlinkSync(`../lib/${basename(LIBRARY)}/scripts/loa`, join(tree, 'usr/bin/loa'))
  settleRights(tree)
}

/** KiB, as `Installed-Size` of deb-control(5) counts. */
export const installedKib = (tree: string): number =>
  readdirSync(tree, { recursive: true, withFileTypes: true })
    .map((entry) =>
      entry.isFile() ? Math.ceil(lstatSync(join(entry.parentPath, entry.name)).size / 1024) : 1,
    )
    .reduce((sum, kib) => sum + kib, 0)
