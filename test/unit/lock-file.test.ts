import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

type Entry = {
  readonly optional?: boolean
  readonly engines?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly resolved?: string
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
