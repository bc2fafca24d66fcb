import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageOnly, type SlotsInput, type SlotsState, transition } from '../core/update/slots.ts'
import { MAX_UPDATE_JSON_BYTES, parseSlots } from '../wire/release.ts'
import type { Disk } from './disk.ts'
import type { Places } from './places.ts'

const readBytes = (file: string): Uint8Array | undefined => {
  try {
    if (statSync(file).size > MAX_UPDATE_JSON_BYTES) return new Uint8Array()
    return readFileSync(file)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    return new Uint8Array()
  }
}

/** Version of the installed package. */
export const packageVersion = ({ package: folder }: Places): string => {
  const { version }: { readonly version?: unknown } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  return String(version)
}

export type ReadState = {
  readonly state: SlotsState
  /** slots.json says something else: it cannot be read, or another package was installed since. */
  readonly mustSave: boolean
}

/** slots.json under the package of today; when it cannot be read the package runs. */
export const readState = (places: Places): ReadState => {
  const version = packageVersion(places)
  const bytes = readBytes(places.state)
  if (!bytes) return { state: packageOnly(version), mustSave: false }
  try {
    const noted = parseSlots(bytes)
    const state = transition(noted, { kind: 'package', version })
    return { state, mustSave: state !== noted }
  } catch {
    return { state: packageOnly(version), mustSave: true }
  }
}

export const saveState = (places: Places, disk: Disk, state: SlotsState): void => {
  const fresh = `${places.state}.new`
  disk.writeSynced(fresh, `${JSON.stringify(state)}\n`)
  disk.rename(fresh, places.state)
  disk.syncFolder(dirname(places.state))
}

/** Runs `change` while no other updater or chooser changes the state. */
export const withLock = <T>(places: Places, disk: Disk, change: () => T): T => {
  disk.makeFolder(places.store)
  using _held = disk.lock(places.lock)
  return change()
}

/** Reads, changes and saves in one; the state after it. */
export const applyInput = (places: Places, disk: Disk, input: SlotsInput): SlotsState =>
  withLock(places, disk, () => {
    const { state, mustSave } = readState(places)
    const next = transition(state, input)
    if (mustSave || next !== state) saveState(places, disk, next)
    return next
  })
