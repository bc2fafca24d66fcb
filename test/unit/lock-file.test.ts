import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

type Entry = {
  readonly version?: string
  readonly optional?: boolean
  readonly engines?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
}

/** Packages that have an install script, and why it may be there. `.npmrc` lets none of them run. */
const INSTALL_SCRIPTS: Readonly<Record<string, string>> = {
  node: 'fetches the binary of this machine past the lock; run by name in scripts/setup, which compares it with scripts/node.sha256',
  '@serialport/bindings-cpp': 'would compile where no prebuilt binary fits; ships those for x64 and arm64',
  koffi: 'would compile where no prebuilt binary fits; ships those for x64 and arm64',
  speaker: 'would compile; scripts/build-speaker does so where it is wanted',
  rpio: 'optional, compiled by hand on the old boards that want it',
}

const lock: { readonly packages: Readonly<Record<string, Entry>> } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'),
)
const entries = Object.entries(lock.packages)

test('no optional package names an engine: on Debian 12 an older Node runs npm, which then leaves the package out', () => {
  expect(entries.filter(([, { optional, engines }]) => optional && engines).map(([path]) => path)).toEqual([])
})

test('every optional package has its entry: npm 11 refuses to install from a lock that lacks those of other platforms', () => {
  const named = entries.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies))
  expect(named.filter((name) => !entries.some(([path]) => path.endsWith(`node_modules/${name}`)))).toEqual([])
})

test('no entry names the place it came from', () => {
  expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})

describe('T21 the lock file', () => {
  test('has a digest of every package', () => {
    const digest = /^sha512-[A-Za-z0-9+/]{86}==$/
    expect(entries.length).toBeGreaterThan(100)
    const lacking = entries.filter(([path, { integrity = '' }]) => path !== '' && !digest.test(integrity))
    expect(lacking.map(([path]) => path)).toEqual([])
  })

  test('has install scripts in the packages of this list and no others, and npm is told to run none', () => {
    const scripted = entries.filter(([, { hasInstallScript }]) => hasInstallScript === true)
    const names = scripted.map(([path]) =>
      path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    )
    expect([...new Set(names)].toSorted()).toEqual(Object.keys(INSTALL_SCRIPTS).toSorted())
    expect(readFileSync(join(import.meta.dirname, '../../.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m)
  })

  test('is joined by digests of the Node that the package `node` fetches for each machine', () => {
    const listed = readFileSync(join(import.meta.dirname, '../../scripts/node.sha256'), 'utf8')
      .trim()
      .split('\n')
    expect(listed.map((line) => line.split(/ +/).slice(1).join(' '))).toEqual(
      ['x86_64', 'aarch64'].map((machine) => `${lock.packages['node_modules/node']?.version} ${machine}`),
    )
    const binary = readFileSync(join(import.meta.dirname, '../../node_modules/node/bin/node'))
    const digest = createHash('sha256').update(binary).digest('hex')
    const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
    expect(listed.filter((line) => line.startsWith(digest)).map((line) => line.split(' ').at(-1))).toEqual([
      machine,
    ])
  })
})
