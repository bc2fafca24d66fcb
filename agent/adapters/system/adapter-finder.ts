import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Adapter } from '../../core/adapter/adapters.ts'
import { isCardNumber } from '../../core/board/sound-card.ts'
import type { AdapterFinder, AdapterPlace } from '../../ports/adapters.ts'
import { createDeviceNames, type DeviceNames } from './device-names.ts'

/** `/sys/devices/…/usb1/1-1/1-1.3/1-1.3:1.0/…`: the innermost device before its interfaces. */
const usbOf = (sysPath: string | undefined): string | undefined =>
  sysPath?.split('/').findLast((part) => /^\d+-\d+(?:\.\d+)*$/.test(part))

/** The kernel makes a new node at each plugging in, under whatever name. */
const placeOf = (root: string, node: string, usb: string | undefined): AdapterPlace | undefined => {
  const stats = statSync(`${root}${node}`, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  const identity = `${node} ${stats.ino}`
  return usb === undefined ? { identity } : { identity, usb }
}

const portPlace = (root: string, names: DeviceNames, path: string): AdapterPlace | undefined => {
  const node = names.real(path)
  if (node === undefined) return undefined
  return placeOf(root, node, usbOf(names.real(`/sys/class/tty/${basename(node)}/device`)))
}

/** `card1`, by the link of its id that the kernel makes, its number, or the control device that a link below /dev/snd leads to. */
const cardFolder = (names: DeviceNames, card: string): string | undefined => {
  if (!card.startsWith('/')) {
    const folder = isCardNumber(card) ? `card${card}` : card
    const real = names.real(`/proc/asound/${folder}`)
    return real === undefined ? undefined : basename(real)
  }
  const number = /^controlC(\d+)$/.exec(basename(names.real(card) ?? ''))?.[1]
  return number === undefined ? undefined : `card${number}`
}

const cardPlace = (root: string, names: DeviceNames, card: string): AdapterPlace | undefined => {
  const folder = cardFolder(names, card)
  if (folder === undefined) return undefined
  const inSys = names.real(`/sys/class/sound/${folder}`)
  return placeOf(root, inSys ?? `/proc/asound/${folder}`, usbOf(inSys))
}

/** Adapters of this machine. `root` stands before every path; empty but in tests. */
export const createAdapterFinder = (root = ''): AdapterFinder => {
  const names = createDeviceNames(root)
  return {
    find: ({ kind, name }: Adapter) =>
      kind === 'port' ? portPlace(root, names, name) : cardPlace(root, names, name),
    betterName: ({ kind, name }: Adapter) => (kind === 'port' ? names.lasting(name) : undefined),
  }
}
