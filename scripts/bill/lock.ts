export type LockEntry = {
  readonly version: string
  readonly license?: string
  readonly integrity?: string
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
export type Lock = {
  readonly name: string
  readonly packages: Readonly<Record<string, LockEntry>>
}

/** A package of the tree; `path` is where npm puts it, `needs` are paths. */
export type Package = {
  readonly path: string
  readonly name: string
  readonly entry: LockEntry
  readonly needs: readonly string[]
}

const FOLDER = 'node_modules/'
const CPUS: readonly string[] = ['x64', 'arm64']

export const nameOf = (path: string): string => path.slice(path.lastIndexOf(FOLDER) + FOLDER.length)

/** Where Node finds `name` from a package, as npm laid them out; undefined for an optional one that is not locked. */
const resolved = ({ packages }: Lock, from: string, name: string): string | undefined => {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf(`/${FOLDER}`)))) {
    const path = place === '' ? `${FOLDER}${name}` : `${place}/${FOLDER}${name}`
    if (packages[path] !== undefined) return path
    if (place === '') return undefined
  }
}

/** Nobody installs the binaries of other systems on a device. */
const mayRun = ({ os = ['linux'], cpu = CPUS }: LockEntry): boolean =>
  os.includes('linux') && cpu.some((each) => CPUS.includes(each))

const needsOf = (lock: Lock, path: string): readonly string[] => {
  const { dependencies = {}, optionalDependencies = {} } = lock.packages[path] ?? { version: '' }
  return [...new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies)])]
    .map((name) => resolved(lock, path, name))
    .filter((each) => each !== undefined)
    .filter((each) => mayRun(lock.packages[each] ?? { version: '' }))
}

/** What runs on a device: all that the project depends on, but for development, on the systems it supports. */
export const productionPackages = (lock: Lock): readonly Package[] => {
  const found = new Map<string, Package>()
  const visit = (path: string): void => {
    const entry = lock.packages[path]
    if (entry === undefined || found.has(path)) return
    const needs = needsOf(lock, path)
    found.set(path, { path, name: path === '' ? lock.name : nameOf(path), entry, needs })
    for (const need of needs) visit(need)
  }
  visit('')
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}
