import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { billOf } from '../../scripts/bill/cyclonedx.ts'
import { type Lock, productionPackages } from '../../scripts/bill/lock.ts'

const ROOT = join(import.meta.dirname, '../..')
const lock: Lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
const require = createRequire(import.meta.url)
const SCHEMAS = join(dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema')
const BASE = 'http://cyclonedx.org/schema/'
const schema = (name: string): object => JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'))

/** Licences under which code may run inside our processes. */
const ALLOWED = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0'])
/** Others, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  // Optional drivers, built by hand and loaded only where a board file names them; everything else works without.
  rpio: '(ISC AND GPL-2.0)',
  speaker: '(MIT AND LGPL-2.1-only)',
}

const validator = () => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  for (const format of ['iri-reference', 'idn-email']) ajv.addFormat(format, true)
  ajv.addSchema(schema('spdx.SNAPSHOT.schema.json'), `${BASE}spdx.SNAPSHOT.schema.json`)
  ajv.addSchema(schema('jsf-0.82.SNAPSHOT.schema.json'), `${BASE}jsf-0.82.SNAPSHOT.schema.json`)
  return ajv.compile(schema('bom-1.6.SNAPSHOT.schema.json'))
}

describe('T21 the bill of materials', () => {
  const bill = billOf(lock)
  const names = bill.components.map(({ purl }) => purl)

  test('is CycloneDX 1.6 by its own schema, which does find faults', () => {
    const valid = validator()
    expect([valid(JSON.parse(JSON.stringify(bill))), valid.errors]).toEqual([true, null])
    expect(valid({ ...bill, components: [{ type: 'thing', name: 'x' }] })).toBe(false)
  })

  test('has what runs on a device, with its digest, and nothing of development or of other systems', () => {
    for (const name of [
      'mqtt',
      'better-sqlite3',
      'koffi',
      'serialport',
      'valibot',
      'pino',
      'node-cron',
      'yaml',
      'fast-png',
    ])
      expect(names.some((purl) => purl.startsWith(`pkg:npm/${name}@`))).toBe(true)
    expect(names).toEqual(
      expect.arrayContaining([expect.stringMatching(/koffi-linux-arm64@/), 'pkg:deb/debian/ffmpeg']),
    )
    expect(names.filter((purl) => /vitest|biome|aedes|typescript@|win32|darwin|android/.test(purl))).toEqual(
      [],
    )
    const npm = bill.components.filter(({ purl }) => purl.startsWith('pkg:npm/'))
    expect(npm.filter((component) => !('hashes' in component)).map(({ name }) => name)).toEqual([])
  })

  test('names every package once, and depends only on what it names', () => {
    const refs = bill.components.map((component) => component['bom-ref'])
    expect(new Set(refs).size).toBe(refs.length)
    const wanted = bill.dependencies.flatMap(({ dependsOn }) => dependsOn)
    expect(wanted.filter((ref) => !refs.includes(ref))).toEqual([])
  })

  test('is what scripts/sbom prints', () => {
    const printed = execFileSync(join(ROOT, 'scripts/sbom'), { encoding: 'utf8' })
    expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(bill)))
    const licences = execFileSync(join(ROOT, 'scripts/sbom'), ['--licences'], { encoding: 'utf8' })
    expect(licences.trim().split('\n')).toHaveLength(bill.components.length)
  })
})

test('T21 every package that runs on a device has a licence that allows it', () => {
  const wrong = productionPackages(lock)
    .slice(1)
    .filter(({ name, entry }) => !ALLOWED.has(entry.license ?? '') && EXCEPTIONS[name] !== entry.license)
  expect(wrong.map(({ name, entry }) => `${name}: ${entry.license}`)).toEqual([])
})
