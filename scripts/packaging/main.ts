import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { changelog, controlFiles } from './control.ts'
import { ARCHITECTURES, type Architecture, productionModules } from './modules.ts'
import { installedKib, layOut } from './tree.ts'

const ROOT = join(import.meta.dirname, '../..')
/** A device with 512 MB unpacks it beside a playing agent: level 6 takes 8 MiB for its dictionary, 9 would take 64. */
const COMPRESSION = ['-Zxz', '-z6', '--threads-max=1']

/** Quick and bigger: for rigs, which install it on the same machine. */
const FAST = ['-Zgzip', '-z1']

const CHANGELOG = 'usr/share/doc/loa-agent/changelog.gz'

const isArchitecture = (name: string): name is Architecture => name in ARCHITECTURES

type Order = {
  readonly version: string
  readonly moment: Date
  readonly cache: string
  readonly out: string
  readonly fast: boolean
}

const build = (architecture: Architecture, { version, moment, cache, out, fast }: Order): void => {
  const work = mkdtempSync(join(tmpdir(), 'loa-package-'))
  const tree = join(work, 'tree')
  try {
    mkdirSync(tree)
    layOut(tree, architecture, productionModules(cache, architecture))
    writeFileSync(join(tree, CHANGELOG), gzipSync(changelog(version, moment), { level: 9 }))
    const installed = installedKib(tree)
    mkdirSync(join(tree, 'DEBIAN'))
    for (const [name, { text, runs }] of Object.entries(
      controlFiles({ version, architecture, installed, tree }),
    )) {
      writeFileSync(join(tree, 'DEBIAN', name), text)
      chmodSync(join(tree, 'DEBIAN', name), runs ? 0o755 : 0o644)
    }
    chmodSync(tree, 0o755)
    const file = join(out, `loa-agent_${version}_${architecture}.deb`)
    execFileSync('dpkg-deb', ['--root-owner-group', ...(fast ? FAST : COMPRESSION), '--build', tree, file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const sum = createHash('sha256').update(readFileSync(file)).digest('hex')
    const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
    console.log(`${file}  ${mb(statSync(file).size)}, installed ${mb(installed * 1024)}  sha256 ${sum}`)
  } finally {
    rmSync(work, { recursive: true })
  }
}

const { values } = parseArgs({
  options: {
    arch: { type: 'string', multiple: true },
    cache: { type: 'string' },
    fast: { type: 'boolean', default: false },
    /** Seconds since 1970 that everything in the package bears. */
    moment: { type: 'string' },
    out: { type: 'string', default: join(ROOT, 'packages') },
  },
})
const { cache, moment } = values
if (cache === undefined || moment === undefined) throw new Error('run scripts/package')
const wanted = values.arch ?? Object.keys(ARCHITECTURES)
const unknown = wanted.find((name) => !isArchitecture(name))
if (unknown !== undefined) {
  console.error(`package: no architecture ${unknown}; there are ${Object.keys(ARCHITECTURES).join(', ')}`)
  process.exit(2)
}
const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const out = resolve(values.out)
mkdirSync(out, { recursive: true })
const order = { version, moment: new Date(Number(moment) * 1000), cache, out, fast: values.fast }
for (const architecture of wanted.filter(isArchitecture)) build(architecture, order)
