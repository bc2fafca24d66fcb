import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Architecture } from './modules.ts'

const SCRIPTS = ['preinst', 'postinst', 'prerm', 'postrm'] as const
const DEBIAN = join(import.meta.dirname, 'debian')

/** Debian 13 calls the library of ALSA by another name (time_t of 64 bits). The rest is what Node links. */
const DEPENDS = [
  'ffmpeg',
  'espeak-ng',
  'libasound2t64 | libasound2',
  'libc6 (>= 2.28)',
  'libgcc-s1',
  'libstdc++6',
  'systemd | systemd-standalone-sysusers',
]

export type PackageFacts = {
  readonly version: string
  readonly architecture: Architecture
  /** KiB. */
  readonly installed: number
  /** What is to be installed. */
  readonly tree: string
}

const MAINTAINER = 'loa-agent maintainers <maintainers@loa-agent.invalid>'
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** @see deb-changelog(5) */
export const changelog = (version: string, at: Date): string => {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${WEEKDAYS[at.getUTCDay()]}, ${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':')
  return `loa-agent (${version}) stable; urgency=medium\n\n  * What has changed: docs/CHANGELOG.md beside this file.\n\n -- ${MAINTAINER}  ${day} ${time} +0000\n`
}

const control = ({ version, architecture, installed }: PackageFacts): string =>
  `${[
    'Package: loa-agent',
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${MAINTAINER}`,
    `Installed-Size: ${installed}`,
    `Depends: ${DEPENDS.join(', ')}`,
    'Recommends: alsa-utils',
    'Suggests: modemmanager, uhubctl',
    'Section: sound',
    'Priority: optional',
    'Description: agent of IP loudspeaker and LED signboard receivers',
    ' Plays the schedule of its province and commune to the millisecond, lets a',
    ' signed alert cut in at once, switches amplifier relays, drives LED signs,',
    ' and reports what was played. It brings its own Node.js.',
  ].join('\n')}\n`

const md5sums = (tree: string): string =>
  readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(tree, join(parentPath, name)))
    .filter((path) => !path.startsWith('DEBIAN/'))
    .toSorted()
    .map(
      (path) =>
        `${createHash('md5')
          .update(readFileSync(join(tree, path)))
          .digest('hex')}  ${path}\n`,
    )
    .join('')

type ControlFile = { readonly text: string; readonly runs: boolean }

/** The files of a package that dpkg itself reads, by name. @see deb-control(5), deb-preinst(5) and its neighbours */
export const controlFiles = (facts: PackageFacts): Readonly<Record<string, ControlFile>> => {
  const scripts = SCRIPTS.map((name) => {
    const text = readFileSync(join(DEBIAN, name), 'utf8').replaceAll('@VERSION@', facts.version)
    return [name, { text, runs: true }] as const
  })
  return {
    ...Object.fromEntries(scripts),
    control: { text: control(facts), runs: false },
    md5sums: { text: md5sums(facts.tree), runs: false },
  }
}
