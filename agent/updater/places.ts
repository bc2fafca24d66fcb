import { join } from 'node:path'
import type { ReleasePlace, SlotName } from '../core/update/slots.ts'

/** Where things lie (docs/updates.md). */
export type Places = {
  /** The agent's own folder; its desk is the folder `update` in it. */
  readonly agentState: string
  readonly configuration: string
  /** The release of the package. */
  readonly package: string
  /** Of root alone, as is all below. */
  readonly store: string
  readonly slots: string
  readonly state: string
  readonly current: string
  readonly lock: string
  /** The copy of the package that is judged and unpacked. */
  readonly copy: string
}

/** @param root `/`, or a folder that stands for it */
export const placesBelow = (root: string): Places => {
  const store = join(root, 'var/lib/loa-agent')
  return {
    agentState: join(root, 'var/lib/loa'),
    configuration: join(root, 'etc/loa/agent.yaml'),
    package: join(root, 'usr/lib/loa-agent'),
    store,
    slots: join(store, 'slots'),
    state: join(store, 'slots.json'),
    current: join(store, 'current'),
    lock: join(store, 'lock'),
    copy: join(store, 'package.deb'),
  }
}

export const folderOf = (places: Places, place: ReleasePlace): string =>
  place === 'package' ? places.package : join(places.slots, place)

/** What is unpacked here is no slot yet. */
export const unpackedOf = (places: Places, slot: SlotName): string => join(places.slots, `${slot}.new`)
