import { type Lock, type LockEntry, type Package, productionPackages } from './lock.ts'
import { type Outside, outsideOf } from './outside.ts'

const NO_ENTRY: LockEntry = { version: '' }

/** @see package-url specification, npm: the scope is the namespace, its @ is escaped */
const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`

const licencesOf = (licence: string) => [
  /^[A-Za-z0-9.-]+$/.test(licence) ? { license: { id: licence } } : { expression: licence },
]

/** The lock has Subresource Integrity, CycloneDX wants hex. */
const hashesOf = (integrity: string) => {
  const [algorithm, digest = ''] = integrity.split('-', 2)
  if (algorithm !== 'sha512') throw new Error(`no digest that is understood: ${integrity}`)
  return [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }]
}

const componentOf = ({ path, name, entry }: Package) => {
  const [scope, bare] = name.startsWith('@') ? name.split('/', 2) : [undefined, name]
  return {
    type: 'library',
    'bom-ref': path,
    ...(scope === undefined ? {} : { group: scope }),
    name: bare,
    version: entry.version,
    scope: 'required',
    purl: purlOf(name, entry.version),
    ...(entry.license === undefined ? {} : { licenses: licencesOf(entry.license) }),
    ...(entry.integrity === undefined ? {} : { hashes: hashesOf(entry.integrity) }),
  }
}

const outsideComponent = ({ name, type, purl, licence, how, version }: Outside) => ({
  type,
  'bom-ref': purl,
  name,
  ...(version === undefined ? {} : { version }),
  scope: 'required',
  purl,
  licenses: licencesOf(licence),
  properties: [{ name: 'loa:use', value: how }],
})

/**
 * The bill of materials of what runs on a device, from the lock file alone: the same lock gives the same text.
 * @see CycloneDX 1.6
 */
export const billOf = (lock: Lock) => {
  const [root, ...packages] = productionPackages(lock)
  const outside = outsideOf(lock.packages['node_modules/node'] ?? NO_ENTRY)
  const version = root?.entry.version ?? ''
  const ref = purlOf(lock.name, version)
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': ref,
        name: lock.name,
        version,
        purl: ref,
        licenses: licencesOf(root?.entry.license ?? 'MIT'),
      },
    },
    components: [...packages.map(componentOf), ...outside.map(outsideComponent)],
    dependencies: [
      { ref, dependsOn: [...(root?.needs ?? []), ...outside.map(({ purl }) => purl)] },
      ...packages.map(({ path, needs }) => ({ ref: path, dependsOn: [...needs] })),
    ],
  }
}

/** Name, version and licence of each component, in lines that line up. */
export const licenceLines = (lock: Lock): readonly string[] => {
  const rows = [
    ...productionPackages(lock)
      .slice(1)
      .map(({ name, entry }) => [name, entry.version, entry.license ?? 'UNKNOWN']),
    ...outsideOf(lock.packages['node_modules/node'] ?? NO_ENTRY).map(({ name, version, licence }) => [
      name,
      version ?? 'of Debian',
      licence,
    ]),
  ]
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
