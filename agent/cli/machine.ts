import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createDeviceNames, type DeviceNames } from '../adapters/system/device-names.ts'
import { timeServersIn } from '../adapters/system/time-servers.ts'

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // A machine without this file has nothing to say: every reading may be missing on some board.
    return undefined
  }
}

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])

/** What this machine has, read without touching hardware. */
export type MachineFacts = {
  /** Of the device tree; of a PC what its firmware calls it. */
  readonly model: string | undefined
  /** As Node calls it; undefined of a machine that is only a folder. */
  readonly architecture: string | undefined
  /** Ids of the ALSA cards, by number. */
  readonly cards: ReadonlyMap<string, string>
  /** Kernel names of the GPIO chips. */
  readonly chips: readonly string[]
  /** Labels of the GPIO chips; undefined where the kernel shows none in /sys. */
  readonly labels: readonly string[] | undefined
  readonly exists: (path: string) => boolean
  /** Names in a folder; none where there is no such folder. */
  readonly namesIn: (folder: string) => readonly string[]
  readonly names: DeviceNames
  /** Serial consoles of the kernel, such as ttyAMA0. */
  readonly consoles: readonly string[]
  /** What the firmware of a Raspberry Pi reads at power-on, and where it stands. */
  readonly configTxt: { readonly path: string; readonly text: string } | undefined
  /** Release of the kernel, as `uname -r` tells it. */
  readonly kernel: string | undefined
  /** Security modules of the kernel. */
  readonly lsm: readonly string[] | undefined
  /** Names of the Unix groups. */
  readonly groups: readonly string[]
  /** /etc/machine-id holds one. */
  readonly hasId: boolean
  /** Time of the clock that goes on without power, ISO 8601. */
  readonly rtcAt: string | undefined
  readonly programs: Readonly<Record<string, boolean>>
  /** Hosts that the time services of Debian are told to ask. */
  readonly timeServers: readonly string[]
}

const cardsOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^\s*(\d+)\s+\[(\S+)\s*\]/gm)].map(([, number = '', id = '']) => [number, id]))

const labelsOf = (folder: string): readonly string[] | undefined => {
  if (!existsSync(folder)) return undefined
  const labels = namesIn(folder).map((name) => textOf(join(folder, name, 'label'))?.trim())
  return labels.filter((label) => label !== undefined)
}

/** The kernel lists those it took; the command line those it was told. */
const consolesOf = (root: string): readonly string[] => {
  const active = textOf(`${root}/sys/class/tty/console/active`)?.trim().split(/\s+/) ?? []
  const told = [...(textOf(`${root}/proc/cmdline`) ?? '').matchAll(/\bconsole=([A-Za-z]\w*)/g)]
  return [...new Set([...active, ...told.map(([, name = '']) => name)])].filter((name) => name !== 'tty0')
}

/** Where Debian 12 and later, and where earlier releases keep it. */
const CONFIG_TXT = ['/boot/firmware/config.txt', '/boot/config.txt']

/** The firmware reads files that it includes, from the same folder, as if they stood there; those include nothing more here. */
const withIncluded = (text: string, folder: string): string =>
  text.replaceAll(
    /^include[ \t]+([A-Za-z0-9_-][A-Za-z0-9._-]*)[ \t]*$/gm,
    (line, name: string) => textOf(`${folder}/${name}`) ?? line,
  )

const configTxtOf = (root: string): MachineFacts['configTxt'] =>
  CONFIG_TXT.flatMap((path) => {
    const text = textOf(`${root}${path}`)
    return text === undefined ? [] : [{ path, text: withIncluded(text, dirname(`${root}${path}`)) }]
  })[0]

const modelOf = (root: string): string | undefined => {
  const named = textOf(`${root}/proc/device-tree/model`)?.replaceAll('\0', '').trim()
  const words = ['sys_vendor', 'product_name'].map(
    (name) => textOf(`${root}/sys/class/dmi/id/${name}`)?.trim() ?? '',
  )
  return named || words.join(' ').trim() || undefined
}

const PROGRAM_FOLDERS = ['/usr/bin', '/usr/local/bin', '/bin']
const PROGRAMS = ['ffmpeg', 'espeak-ng']

const programsOf = (root: string): MachineFacts['programs'] =>
  Object.fromEntries(
    PROGRAMS.map((name) => [name, PROGRAM_FOLDERS.some((folder) => existsSync(`${root}${folder}/${name}`))]),
  )

const rtcOf = (root: string): string | undefined => {
  const seconds = Number(textOf(`${root}/sys/class/rtc/rtc0/since_epoch`)?.trim() || Number.NaN)
  return seconds > 0 && seconds < 1e11 ? new Date(seconds * 1000).toISOString() : undefined
}

/** `root` stands before every path; empty but in tests. */
export const readMachine = (root: string): MachineFacts => ({
  model: modelOf(root),
  architecture: root === '' ? process.arch : undefined,
  cards: cardsOf(textOf(`${root}/proc/asound/cards`) ?? ''),
  chips: namesIn(`${root}/dev`).filter((name) => /^gpiochip\d+$/.test(name)),
  labels: labelsOf(`${root}/sys/class/gpio`),
  exists: (path) => existsSync(`${root}${path}`),
  namesIn: (folder) => namesIn(`${root}${folder}`),
  names: createDeviceNames(root),
  consoles: consolesOf(root),
  configTxt: configTxtOf(root),
  kernel: textOf(`${root}/proc/sys/kernel/osrelease`)?.trim(),
  lsm: textOf(`${root}/sys/kernel/security/lsm`)?.trim().split(','),
  hasId: (textOf(`${root}/etc/machine-id`) ?? '').trim() !== '',
  rtcAt: rtcOf(root),
  programs: programsOf(root),
  timeServers: timeServersIn(root),
  groups: (textOf(`${root}/etc/group`) ?? '').split('\n').map((line) => line.split(':')[0] ?? ''),
})
