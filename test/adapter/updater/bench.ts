import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { createCryptography } from '../../../agent/adapters/crypto/node-cryptography.ts'
import type { EpochMs } from '../../../agent/core/time.ts'
import type { Release } from '../../../agent/core/update/release.ts'
import type { SlotsState } from '../../../agent/core/update/slots.ts'
import { chooseRelease } from '../../../agent/updater/choose.ts'
import { type Disk, realDisk } from '../../../agent/updater/disk.ts'
import { type Places, placesBelow } from '../../../agent/updater/places.ts'
import { serveRequests } from '../../../agent/updater/serve.ts'
import { parseSlots } from '../../../agent/wire/release.ts'
import { makeKey } from '../../../scripts/source-system/keys.ts'
import { signCompact } from '../../../scripts/source-system/sign.ts'

const key = makeKey('maker-2026')
export const otherKey = makeKey('maker-2026')
export const AT = '2026-11-26T08:00:00.000Z'

const RELEASE_FILES = [
  'scripts/loa',
  'scripts/open-relays',
  'node_modules/node/bin/node',
  'dist/agent/main.js',
  'dist/agent/playout/main.js',
  'dist/loa/main.js',
]

/** The least that passes for a release: each file tells its version. */
export const layRelease = (folder: string, version: string): void => {
  for (const name of RELEASE_FILES) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${version} $*"\n`)
    chmodSync(join(folder, name), 0o755)
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }))
}

type PackageOrder = {
  readonly version: string
  /** What its control file says, when that is something else. */
  readonly declared?: Readonly<Record<string, string>>
  readonly lacks?: string
  /** Bytes that take time to unpack. */
  readonly ballast?: number
}

const packages = mkdtempSync(join(tmpdir(), 'loa-packages-'))
afterAll(() => rmSync(packages, { recursive: true, force: true }))

/** A Debian package of a release; made once for each order. */
export const makePackage = (order: PackageOrder): string => {
  const { version, declared, lacks, ballast } = order
  const file = join(packages, `${createHash('md5').update(JSON.stringify(order)).digest('hex')}.deb`)
  if (existsSync(file)) return file
  const tree = mkdtempSync(join(packages, 'tree-'))
  const library = join(tree, 'usr/lib/loa-agent')
  layRelease(library, version)
  if (lacks !== undefined) rmSync(join(library, lacks))
  if (ballast !== undefined) writeFileSync(join(library, 'ballast'), Buffer.alloc(ballast, version))
  const fields = {
    Package: 'loa-agent',
    Version: version,
    Architecture: 'amd64',
    'Installed-Size': '10',
    Maintainer: 'x <x@loa-agent.invalid>',
    Description: 'x',
    ...declared,
  }
  mkdirSync(join(tree, 'DEBIAN'))
  const control = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`)
  writeFileSync(join(tree, 'DEBIAN/control'), control.join(''))
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '--uniform-compression', '--build', tree, file], {
    stdio: 'pipe',
  })
  return file
}

export const releaseOf = (version: string, file: string, more: Partial<Release> = {}): Release => ({
  kind: 'release',
  v: 1,
  version,
  iat: '2026-11-26T08:00:00+07:00',
  exp: '2027-11-26T00:00:00+07:00',
  files: [
    {
      arch: 'amd64',
      sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
      bytes: statSync(file).size,
      urls: [],
    },
  ],
  ...more,
})

export const signed = (release: unknown, by = key): string =>
  signCompact('release', Buffer.from(JSON.stringify(release)), by)

/** Without waiting for the medium, or for others: here a cut ends the program, not the machine, and it is alone. */
const quickDisk: Disk = {
  ...realDisk,
  syncTree: () => undefined,
  syncFolder: () => undefined,
  lock: () => ({ [Symbol.dispose]: () => undefined }),
}

/** The same without dpkg-deb: packages here are not packed, and their control file can be read as it lies. */
const swiftDisk: Disk = {
  ...quickDisk,
  fields: (file) =>
    new Map(
      [
        ...readFileSync(file, 'latin1').matchAll(
          /(?:^|\0)(Package|Version|Architecture|Installed-Size): (.*)$/gm,
        ),
      ].map(([, name = '', value = '']) => [name, value]),
    ),
  unpack: (file, folder) =>
    layRelease(join(folder, 'usr/lib/loa-agent'), swiftDisk.fields(file).get('Version') ?? ''),
}

/** A receiver in a folder, with version 0.9.0 as its package. */
export class Receiver implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'loa-receiver-'))
  readonly places: Places = placesBelow(this.root)
  readonly desk = join(this.places.agentState, 'update')
  readonly said: string[] = []
  #requests = 0

  /** @param like one that is copied as it stands */
  constructor(like?: Receiver) {
    if (like) {
      cpSync(like.root, this.root, { recursive: true, verbatimSymlinks: true })
      this.#requests = like.#requests
      return
    }
    this.installPackage('0.9.0')
    mkdirSync(this.desk, { recursive: true })
    mkdirSync(dirname(this.places.configuration), { recursive: true })
    writeFileSync(this.places.configuration, `update: { keys: [{ kid: ${key.kid}, x: "${key.x}" }] }\n`)
  }

  installPackage(version: string): void {
    layRelease(this.places.package, version)
  }

  /** Lays a release on the desk, as the agent leaves it when it is fetched. */
  lay(version: string, order: Partial<PackageOrder> & { readonly release?: Partial<Release> } = {}): void {
    const { release, ...more } = order
    const file = makePackage({ version, ...more })
    copyFileSync(file, join(this.desk, 'release.deb'))
    writeFileSync(join(this.desk, 'release.jws'), signed(releaseOf(version, file, release)))
  }

  ask(op: string, more: object = {}): void {
    this.#requests += 1
    const request = { v: 1, id: `r${this.#requests}`, op, ...more }
    writeFileSync(join(this.desk, 'request.json'), JSON.stringify(request))
  }

  serve(disk: Disk = quickDisk, now?: EpochMs): void {
    serveRequests({
      places: this.places,
      disk,
      judge: {
        keys: () => [{ kid: key.kid, x: key.x }],
        verifyEd25519: createCryptography().verifyEd25519,
        architecture: 'amd64',
        now,
      },
      at: () => AT,
      say: (line) => this.said.push(line),
    })
  }

  choose(disk: Disk = quickDisk): void {
    chooseRelease(this.places, disk, AT)
  }

  /** One order carried out, and its answer. */
  after(op: string, more: object = {}): SlotsState['last'] {
    this.ask(op, more)
    this.serve()
    return this.state.last
  }

  get state(): SlotsState {
    return parseSlots(readFileSync(this.places.state))
  }

  /** The version that `current` leads to, read as `loa` reads it. */
  get runs(): string {
    const folder = existsSync(this.places.current) ? this.places.current : this.places.package
    const { version }: { version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    for (const name of RELEASE_FILES)
      if (!readFileSync(join(folder, name), 'utf8').includes(version))
        throw new Error(`${name} of ${version} is damaged`)
    return version
  }

  get link(): string | undefined {
    return existsSync(this.places.current) ? readlinkSync(this.places.current) : undefined
  }

  /** What lies in root's folder, slots by name. */
  get left(): readonly string[] {
    const slots = existsSync(this.places.slots) ? readdirSync(this.places.slots) : []
    return [...readdirSync(this.places.store), ...slots].filter((name) => name !== 'lock').toSorted()
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

export const BEFORE = { before: { sound: true, broker: true } }

/** Ends a program at one of its steps; nothing after it comes through either. */
export class Cut extends Error {}

/** What a step leaves that was cut in its middle. */
const halves: Partial<Record<keyof Disk, (disk: Disk, args: readonly unknown[]) => void>> = {
  writeSynced: (disk, [path, text]) => disk.writeSynced(String(path), String(text).slice(0, 20)),
  copy: (disk, [descriptor, path]) => disk.copy(Number(descriptor), String(path), 1_000),
  unpack: (disk, [file, folder]) => {
    disk.unpack(String(file), String(folder))
    disk.remove(join(String(folder), 'usr/lib/loa-agent/dist'))
  },
  remove: (disk, [path]) => disk.remove(join(String(path), 'dist')),
}

/** A disk whose power fails at step `at` (from 0), before it or in its middle. `steps` says how many there were. */
export const cutDisk = (at: number, when: 'before' | 'middle') => {
  const counted = { steps: 0 }
  const names = Object.keys(swiftDisk) as readonly (keyof Disk)[]
  const wrapped = names.map((name) => {
    if (name === 'lock' || name === 'fields') return [name, swiftDisk[name]]
    const act = swiftDisk[name] as (...args: readonly unknown[]) => unknown
    const step = (...args: readonly unknown[]): unknown => {
      const number = counted.steps
      counted.steps += 1
      if (number === at && when === 'middle') halves[name]?.(swiftDisk, args)
      if (number >= at) throw new Cut(`cut at ${name}`)
      return act(...args)
    }
    return [name, step] as const
  })
  return { disk: Object.fromEntries(wrapped) as unknown as Disk, counted }
}
