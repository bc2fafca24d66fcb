import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../core/error.ts'
import { createSystemFiles } from './files.ts'
import { packageVersion } from './project.ts'

/** Files of the kernel and the distribution that say on what the agent runs; none of them holds a secret. */
const FILES = {
  model: '/proc/device-tree/model',
  kernel: '/proc/version',
  os: '/etc/os-release',
  uptime: '/proc/uptime',
  load: '/proc/loadavg',
  memory: '/proc/meminfo',
  pressure: '/proc/pressure/memory',
  cards: '/proc/asound/cards',
} as const

/** The machine for a support bundle. `root` stands for `/`. */
export const readSystemReport = (root = '/') => {
  const files = createSystemFiles(root)
  return {
    agent: packageVersion(),
    node: process.versions.node,
    arch: process.arch,
    ...Object.fromEntries(
      Object.entries(FILES).map(([name, path]) => [name, files.text(path)?.split('\n') ?? []]),
    ),
  }
}

/** Names and sizes of what lies in the state folder: a database that was set aside is seen by its name. */
export const listStateFolder = (folder: string): Readonly<Record<string, number | string>> => {
  try {
    return Object.fromEntries(
      readdirSync(folder)
        .toSorted()
        .map((name) => [name, statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 'gone']),
    )
  } catch (thrown) {
    return { [folder]: messageOf(thrown) }
  }
}
