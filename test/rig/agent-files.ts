import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'

/** The device of every test. */
export const DEVICE = 'd-7k2m4q9x'

type Fields = Readonly<Record<string, unknown>>
export type AgentPaths = ReturnType<typeof pathsIn>
export type AgentSettings = {
  /** Merged over a bench configuration: signatures off, no quiet hours. A key that is undefined is left out. */
  readonly config?: Fields
  /** Merged over a board with the virtual DAC, one virtual amplifier and one virtual sign. */
  readonly board?: Fields
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const merge = (base: Fields, over: Fields): Fields => {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const under = merged[key]
    merged[key] = isFields(under) && isFields(value) ? merge(under, value) : value
  }
  return merged
}

export const pathsIn = (folder: string) => ({
  folder,
  config: join(folder, 'agent.yaml'),
  board: join(folder, 'board.yaml'),
  state: join(folder, 'state'),
  runtime: join(folder, 'run'),
  socket: join(folder, 'run', 'control.sock'),
  relays: join(folder, 'run', 'relays.json'),
  relayTrace: join(folder, 'relay.jsonl'),
  signTrace: join(folder, 'sign.jsonl'),
  dacLog: join(folder, 'vdac.jsonl'),
})

const benchConfig = (paths: AgentPaths): Fields => ({
  device: { id: DEVICE, province: '75', commune: '26068', groups: ['cho-moi'], languages: ['vi'] },
  board: paths.board,
  mqtt: { urls: ['mqtt://127.0.0.1:1'] },
  content: { allow: ['http://127.0.0.1/'] },
  security: { signatures: 'off' },
  policy: { quietHours: [] },
  paths: { state: paths.state, runtime: paths.runtime },
})

const benchBoard = (paths: AgentPaths): Fields => ({
  name: 'bench',
  models: [],
  clock: 'trusted',
  audio: { driver: 'alsa', device: 'dac0', rate: 48000, channels: 1, bufferMs: 500 },
  amplifiers: [
    { id: 'main', driver: 'virtual', trace: paths.relayTrace, settleMs: 300, holdMs: 200, minOffMs: 0 },
  ],
  inputs: [],
  // What the machine of the test says of itself is no matter of the test.
  sensors: { root: join(paths.folder, 'no-sensors') },
  signs: [{ id: 'gate', driver: 'virtual', trace: paths.signTrace, width: 64, height: 16, color: 'rgb' }],
})

/** Writes agent.yaml and the board file. */
export const writeAgentFiles = (paths: AgentPaths, { config = {}, board = {} }: AgentSettings): void => {
  writeFileSync(paths.config, stringify(merge(benchConfig(paths), config)))
  writeFileSync(paths.board, stringify(merge(benchBoard(paths), board)))
}
