import { accessSync, constants, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ReleasePlace, SlotsState } from '../core/update/slots.ts'
import type { Disk } from './disk.ts'
import { folderOf, type Places } from './places.ts'

const PROGRAMS = ['scripts/loa', 'node_modules/node/bin/node']
const NEEDED = [...PROGRAMS, 'dist/agent/main.js', 'dist/agent/playout/main.js', 'dist/loa/main.js']

/** Whether a folder holds a release of this version that can at least be started. */
export const isRelease = (folder: string, version: string): boolean => {
  try {
    for (const file of NEEDED) if (statSync(join(folder, file)).size === 0) return false
    for (const file of PROGRAMS) accessSync(join(folder, file), constants.X_OK)
    const told: { readonly version?: unknown } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    )
    return told.version === version
  } catch {
    return false
  }
}

export const isWhole = (places: Places, { slot, version }: SlotsState['committed']): boolean =>
  isRelease(folderOf(places, slot), version)

const linkOf = ({ current }: Places): string | undefined => {
  try {
    return readlinkSync(current)
  } catch {
    return undefined
  }
}

/** Where `current` leads. */
export const runningPlace = (places: Places): ReleasePlace => {
  const link = linkOf(places)
  return link === 'slots/a' ? 'a' : link === 'slots/b' ? 'b' : 'package'
}

/** Lets the next start, and `loa`, run this release. */
export const pointCurrent = (places: Places, disk: Disk, place: ReleasePlace): void => {
  const link = linkOf(places)
  if (place === 'package') {
    if (link === undefined) return
    disk.remove(places.current)
  } else {
    const target = `slots/${place}`
    if (link === target) return
    const fresh = `${places.current}.new`
    disk.remove(fresh)
    disk.symlink(target, fresh)
    disk.rename(fresh, places.current)
  }
  disk.syncFolder(places.store)
}
