import type { LockEntry } from './lock.ts'

/** What a device needs that npm does not bring. */
export type Outside = {
  readonly name: string
  readonly type: 'application' | 'library' | 'platform'
  readonly purl: string
  readonly licence: string
  readonly how: string
  readonly version?: string
}

/** Debian's packages have the version of the machine; `dpkg -l` tells it there. */
const DEBIAN: readonly Outside[] = [
  ['ffmpeg', 'application', 'GPL-2.0-or-later', 'started as a process of its own: decodes and checks audio'],
  ['espeak-ng', 'application', 'GPL-3.0-or-later', 'started as a process of its own: speaks texts'],
  ['libasound2', 'library', 'LGPL-2.1-or-later', 'loaded at run time: sound cards'],
  ['libsystemd0', 'library', 'LGPL-2.1-or-later', 'loaded at run time: watchdog'],
  ['libc6', 'library', 'LGPL-2.1-or-later', 'loaded at run time: GPIO, clock'],
].map(([name = '', type, licence = '', how = '']) => ({
  name,
  type: type === 'library' ? 'library' : 'application',
  purl: `pkg:deb/debian/${name}`,
  licence,
  how,
}))

/** The runtime: locked like a development tool, shipped with every device. */
export const outsideOf = (node: LockEntry): readonly Outside[] => [
  {
    name: 'node',
    type: 'platform',
    purl: `pkg:generic/node@${node.version}`,
    licence: 'MIT',
    how: 'the runtime, from the npm package node',
    version: node.version,
  },
  ...DEBIAN,
]
