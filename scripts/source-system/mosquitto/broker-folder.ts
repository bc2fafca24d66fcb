import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { LoaError } from '../../../agent/core/error.ts'
import { areasOf } from '../../../agent/core/place.ts'
import { type Authority, openAuthority } from './authority.ts'

/** `75/26068/d-7k2m4q9x`. */
export type PlacedDevice = { readonly province: string; readonly commune: string; readonly id: string }

export type BrokerFolderOptions = {
  readonly directory: string
  readonly port: number
  readonly host: string
  /** Names and addresses by which devices know the broker. */
  readonly names: readonly string[]
  /** More devices; those of earlier calls stay. */
  readonly devices: readonly string[]
  /** Devices that are to ask for their certificate with a code: none is made for them here. */
  readonly enrols?: readonly string[]
  /** Port of the listener for devices that have no certificate yet; none when absent. */
  readonly enrolPort?: number
  /** Port, on 127.0.0.1, where several programs may be the source system at once; none when absent. */
  readonly sourcePort?: number
}

export type BrokerFolder = {
  readonly configFile: string
  readonly devices: readonly PlacedDevice[]
  readonly authority: Authority
}

const EXAMPLE = join(import.meta.dirname, '../../../docs/examples/mosquitto')
const EXAMPLE_PLACE = '/etc/mosquitto/loa/'
/** The user of the source system in the ACL. */
export const SOURCE = 'source'
/** A password file in which nobody can be found: random bytes in the place of salt and hash. */
const NOBODY = `nobody:$7$101$${randomBytes(12).toString('base64')}$${randomBytes(64).toString('base64')}\n`
const DEVICE = /^(\d{2})\/(\d{5})\/([A-Za-z0-9][A-Za-z0-9._-]{0,39})$/

const placed = (text: string): PlacedDevice => {
  const [, province, commune, id] = DEVICE.exec(text) ?? []
  if (province === undefined || commune === undefined || id === undefined || id === SOURCE)
    throw new LoaError('USAGE', `a device is PROVINCE/COMMUNE/ID, like 75/26068/d-7k2m4q9x, not ${text}`)
  return { province, commune, id }
}

/** One that was moved hears the areas of every place that it was named with. */
const aclBlock = (id: string, places: readonly PlacedDevice[]): string => {
  const areas = new Set(places.flatMap(areasOf))
  return [`user ${id}`, ...[...areas].map((area) => `topic read loa/v1/area/${area}/+`), ''].join('\n')
}

/** The shipped example up to its own device, and a block for each of ours. */
const aclOf = (example: string, devices: readonly PlacedDevice[]): string => {
  const [common = ''] = example.split(/^user d-/m)
  const byId = Map.groupBy(devices, ({ id }) => id)
  return `${common}${[...byId].map(([id, places]) => aclBlock(id, places)).join('\n')}`
}

/** The shipped example with our paths and our listener, and what Debian's own mosquitto.conf would say. */
const configurationOf = (
  example: string,
  listener: string,
  { directory, port, host }: BrokerFolderOptions,
): string =>
  [
    // Started by root it would become another user and could not read the keys.
    `user ${userInfo().username}`,
    'log_dest stderr',
    'persistence true',
    `persistence_location ${join(directory, 'data')}/`,
    `${example.replace(/^listener .*$/m, `listener ${port} ${host}`)}\n${listener}`.replaceAll(
      EXAMPLE_PLACE,
      `${directory}/`,
    ),
  ].join('\n')

const knownDevices = async (file: string): Promise<readonly string[]> =>
  existsSync(file) ? (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '') : []

/**
 * Makes, in one folder, everything that mosquitto needs: an authority, certificates of the broker, the source system and
 * each device, ACL and configuration. What is there is kept, devices are added.
 * @throws LoaError USAGE for a device that is not written PROVINCE/COMMUNE/ID
 */
export const openBrokerFolder = async (options: BrokerFolderOptions): Promise<BrokerFolder> => {
  const directory = resolve(options.directory)
  await mkdir(join(directory, 'data'), { recursive: true, mode: 0o700 })
  const list = join(directory, 'devices')
  const { enrols = [], enrolPort, sourcePort, host } = options
  const all = [...new Set([...(await knownDevices(list)), ...options.devices, ...enrols])]
  const devices = all.map(placed)
  const authority = await openAuthority(directory)
  await authority.server('broker', options.names)
  await authority.client(SOURCE)
  const byCode = new Set([...(await knownDevices(join(directory, 'enrols'))), ...enrols])
  await writeFile(join(directory, 'enrols'), [...byCode].map((line) => `${line}\n`).join(''))
  for (const { id } of devices.filter((_, index) => !byCode.has(all[index] ?? ''))) await authority.client(id)
  await writeFile(list, all.map((line) => `${line}\n`).join(''))
  const example = (name: string): Promise<string> => readFile(join(EXAMPLE, name), 'utf8')
  await writeFile(join(directory, 'acl'), aclOf(await example('acl'), devices), { mode: 0o600 })
  await writeFile(join(directory, 'nobody'), NOBODY, { mode: 0o600 })
  const configFile = join(directory, 'mosquitto.conf')
  const listener = async (name: string, at: string | undefined): Promise<string> =>
    at === undefined ? '' : (await example(name)).replace(/^listener .*$/m, `listener ${at}`)
  const more = [
    await listener('enrol.conf', enrolPort === undefined ? undefined : `${enrolPort} ${host}`),
    await listener('source.conf', sourcePort === undefined ? undefined : `${sourcePort} 127.0.0.1`),
  ].join('')
  await writeFile(
    configFile,
    configurationOf(await example('mosquitto.conf'), more, { ...options, directory }),
  )
  return { configFile, devices, authority }
}
