import { askAgent } from '../../adapters/control/client.ts'
import { textOf } from '../../adapters/identity/files.ts'
import type { BoardConfig } from '../../core/configuration.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { SignConfig } from '../../core/sign-configuration.ts'
import type { Call } from '../call.ts'
import { type MachineFacts, readMachine } from '../machine.ts'
import { DEFAULT_RUNTIME } from '../socket.ts'
import { askChoice, askYes, type Choice } from './ask.ts'
import { say } from './outcome.ts'

const PATTERN_SECONDS = 6
/** Ports that are part of the board: they stay what they are. */
const BUILT_IN = /^tty(?:AMA|S|AML|mxc|SAC|HS)\d+$/
/** A PC shows 32 of which most are none. */
const MOST_BUILT_IN = 8

/** Of `/proc/asound/cards`: the line behind the id says what the card calls itself. */
const longName = (root: string, id: string): string =>
  new RegExp(`\\[${id.replaceAll(/\W/g, '.')}\\s*\\]: (.*)$`, 'm').exec(
    textOf(`${root}/proc/asound/cards`) ?? '',
  )?.[1] ?? ''

const plays = ({ namesIn }: MachineFacts, number: string): boolean =>
  !namesIn(`/proc/asound/card${number}`).some((name) => /^pcm\d+c$/.test(name)) ||
  namesIn(`/proc/asound/card${number}`).some((name) => /^pcm\d+p$/.test(name))

/** Sound cards by the id that stays with them, that of the board first. */
export const soundChoices = (
  call: Call,
  machine: MachineFacts,
  { audio }: BoardConfig,
): readonly Choice<string>[] => {
  const { ofBoard, capture } = call.say.setup
  const own = 'device' in audio ? [{ label: audio.device, note: ofBoard, value: audio.device }] : []
  const cards = [...machine.cards].flatMap(([number, id]) => {
    const value = `plughw:CARD=${id}`
    if (own.some((each) => each.value === value)) return []
    const note = [longName(call.io.root, id), ...(plays(machine, number) ? [] : [capture])].join('; ')
    return [{ label: value, note, value }]
  })
  return [...own, ...cards]
}

/** Serial ports by a name that stays: by maker and serial number, by socket, or built in. */
export const portChoices = (call: Call, machine: MachineFacts, own: string): readonly Choice<string>[] => {
  const { ofBoard } = call.say.setup
  const { names, namesIn } = machine
  const byId = namesIn('/dev/serial/by-id').map((name) => `/dev/serial/by-id/${name}`)
  const known = new Set(byId.map((path) => names.real(path)))
  const byPath = namesIn('/dev/serial/by-path')
    .map((name) => `/dev/serial/by-path/${name}`)
    .filter((path) => !known.has(names.real(path)))
  const builtIn = namesIn('/dev')
    .filter((name) => BUILT_IN.test(name))
    .slice(0, MOST_BUILT_IN)
    .map((name) => `/dev/${name}`)
  const noteOf = (path: string): string => names.real(path) ?? ''
  return [
    { label: own, note: ofBoard, value: own },
    ...[...byId, ...byPath, ...builtIn]
      .filter((path) => path !== own)
      .map((path) => ({ label: path, note: noteOf(path), value: path })),
  ]
}

/** An agent holds sound device and signs of its board: only it may use them. */
const agentRuns = async (call: Call): Promise<boolean> => {
  try {
    await askAgent(`${call.io.root}${DEFAULT_RUNTIME}/control.sock`, 'status', {})
    return true
  } catch (error) {
    if (error instanceof LoaError) return error.code !== 'NOT_RUNNING'
    throw error
  }
}

const tryTone = async (call: Call, { audio }: BoardConfig, device: string): Promise<boolean> => {
  const { tone, questions } = call.say.setup
  if (!(await askYes(call, questions.tone, false))) return true
  if (await agentRuns(call)) {
    say(call, [tone.held])
    return true
  }
  try {
    say(call, [tone.plays(device)])
    await call.io.playTone('device' in audio ? { ...audio, device } : audio, call.io.signal)
  } catch (error) {
    if (!(error instanceof LoaError)) throw error
    say(call, [tone.failed(messageOf(error))])
  }
  return askYes(call, questions.toneHeard, true)
}

/** Asks for the sound device until the one that was tried is the right one; undefined: that of the board. */
export const askSound = async (call: Call, board: BoardConfig): Promise<string | undefined> => {
  const { audio } = board
  if (!('device' in audio)) return undefined
  const machine = readMachine(call.io.root)
  for (;;) {
    const choices = soundChoices(call, machine, board)
    const device = await askChoice(call, call.say.setup.questions.sound, choices, 0)
    if (call.options.yes === true || (await tryTone(call, board, device)))
      return device === audio.device ? undefined : device
  }
}

const tryPattern = async (call: Call, sign: SignConfig): Promise<boolean> => {
  const { pattern, questions } = call.say.setup
  if (!(await askYes(call, questions.pattern, false))) return true
  if (await agentRuns(call)) {
    say(call, [pattern.held])
    return true
  }
  try {
    say(call, [pattern.shows(PATTERN_SECONDS)])
    const { ok, message } = await call.io.showPattern(sign, PATTERN_SECONDS, call.io.signal)
    if (!ok) say(call, [pattern.failed(message)])
  } catch (error) {
    if (!(error instanceof LoaError)) throw error
    say(call, [pattern.failed(messageOf(error))])
  }
  return askYes(call, questions.patternSeen, true)
}

/** Asks for the port of each sign that has one. */
export const askPorts = async (call: Call, board: BoardConfig): Promise<Readonly<Record<string, string>>> => {
  const machine = readMachine(call.io.root)
  const ports: [string, string][] = []
  for (const sign of board.signs) {
    if (!('port' in sign)) continue
    for (;;) {
      const choices = portChoices(call, machine, sign.port)
      if (choices.length === 1) say(call, [call.say.setup.noSerial])
      const port = await askChoice(call, call.say.setup.questions.port(sign.id), choices, 0)
      if (call.options.yes === true || (await tryPattern(call, { ...sign, port }))) {
        ports.push([sign.id, port])
        break
      }
    }
  }
  return Object.fromEntries(ports)
}
