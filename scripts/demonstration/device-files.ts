import { existsSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { SigningKey } from '../source-system/keys.ts'
import type { DemoFolder } from './folder.ts'
import { PROJECT } from './project.ts'

/** The receiver of the demo and its place: Chợ Mới in Đồng Nai stands for any commune. */
export const DEVICE = { id: 'd-7k2m4q9x', province: '75', commune: '26068' } as const
export const AREA = `${DEVICE.province}/${DEVICE.commune}`

export type Sound = { readonly driver: 'alsa'; readonly device: string } | { readonly driver: 'wav' }

const CARDS = '/proc/asound/cards'

/** The file is there without a card too, and then says so. */
const hasSoundCard = (): boolean => existsSync(CARDS) && /^ *\d+ \[/m.test(readFileSync(CARDS, 'utf8'))

export const chooseSound = (asked: Sound['driver'] | undefined): Sound =>
  (asked ?? (hasSoundCard() ? 'alsa' : 'wav')) === 'alsa'
    ? { driver: 'alsa', device: 'default' }
    : { driver: 'wav' }

export type DeviceFilesOptions = {
  readonly sound: Sound
  readonly brokerUrl: string
  readonly protocol: 4 | 5
  readonly contentOrigin: string
  readonly roots: readonly SigningKey[]
}

/** The board `virtual` as it ships, with a real card in place of the WAV file. */
const boardWith = async (device: string): Promise<string> => {
  const shipped = await readFile(join(PROJECT, 'board-configs/virtual.yaml'), 'utf8')
  const board: Record<string, unknown> = parse(shipped)
  return stringify({ ...board, audio: { driver: 'alsa', device, rate: 48000, channels: 1, bufferMs: 500 } })
}

/** Writes agent.yaml, and a board file where the shipped one does not fit. Signatures are required. */
export const writeDeviceFiles = async (folder: DemoFolder, options: DeviceFilesOptions): Promise<void> => {
  const { sound, brokerUrl, protocol, contentOrigin, roots } = options
  if (sound.driver === 'alsa') await writeFile(folder.boardYaml, await boardWith(sound.device))
  const config = {
    device: { ...DEVICE, languages: ['vi'] },
    board: sound.driver === 'alsa' ? folder.boardYaml : 'virtual',
    mqtt: { urls: [brokerUrl], protocol },
    content: { allow: [`${contentOrigin}/`] },
    security: { signatures: 'required', rootKeys: roots.map(({ kid, x }) => ({ kid, x })), threshold: 1 },
    // A demo may be seen at night.
    policy: { quietHours: [] },
    heartbeat: { intervalSeconds: 5 },
    paths: { state: folder.state, runtime: folder.runtime },
  }
  await writeFile(folder.agentYaml, stringify(config))
}
