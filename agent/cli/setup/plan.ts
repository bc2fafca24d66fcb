import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { checkAgentConfig } from '../../adapters/config/agent-config.ts'
import { boardFile, checkBoard, listBoards, loadBoard } from '../../adapters/config/board-files.ts'
import { type Edit, editYaml } from '../../adapters/config/edit-yaml.ts'
import { boardFolder } from '../../adapters/system/project.ts'
import { fitsModel } from '../../core/board-model.ts'
import type { BoardConfig } from '../../core/configuration.ts'
import { LoaError } from '../../core/error.ts'
import { agentYaml } from '../../core/setup/agent-yaml.ts'
import { type SetupAnswers, wantsCertificate } from '../../core/setup/answers.ts'
import { createDeviceId } from '../../core/setup/device-id.ts'
import { ConfigFault } from '../../wire/config-fault.ts'
import type { Call } from '../call.ts'
import { readMachine } from '../machine.ts'
import type { Messages } from '../messages/messages.ts'
import type { SetupPaths } from './paths.ts'

/** What is to be written: judged, and nothing of it written yet. */
export type SetupPlan = {
  readonly id: string
  readonly board: string
  readonly answers: SetupAnswers
  readonly yaml: string
  /** A board file of this device alone, where an answer differs from the shipped one. */
  readonly boardYaml?: string
  /** It is to show a certificate to the brokers. */
  readonly certificate: boolean
}

/** Names of the shipped boards that are made for this machine. */
export const fittingBoards = ({
  io,
}: Call): { readonly model: string; readonly names: readonly string[] } => {
  const { model } = readMachine(io.root)
  const names = listBoards(boardFolder()).flatMap((listing) =>
    'board' in listing && listing.board.models.length > 0 && fitsModel(listing.board.models, model)
      ? [listing.name]
      : [],
  )
  return { model: model ?? '?', names }
}

const chosenBoard = (call: Call, named: string): string => {
  if (named !== 'auto') return named
  const { faults } = call.say.setup
  const { model, names } = fittingBoards(call)
  const [only, second] = names
  const message =
    only === undefined
      ? faults.noBoard(model)
      : second === undefined
        ? undefined
        : faults.manyBoards(model, names.join(', '))
  if (only === undefined || message !== undefined)
    throw new ConfigFault('loa.yaml', [{ path: 'board', message: message ?? '' }])
  return only
}

const boardEdits = (board: BoardConfig, { sound, ports = {} }: SetupAnswers): readonly Edit[] => [
  ...(sound === undefined || ('device' in board.audio && board.audio.device === sound)
    ? []
    : [{ path: ['audio', 'device'], value: sound }]),
  ...board.signs.flatMap((sign, index) => {
    const port = Object.hasOwn(ports, sign.id) ? ports[sign.id] : undefined
    return port === undefined || !('port' in sign) || sign.port === port
      ? []
      : [{ path: ['signs', index, 'port'], value: port }]
  }),
]

const commentsOf = ({ setup }: Messages) => setup.comments

/** @throws ConfigFault with what is wrong with the answers */
export const planSetup = (
  call: Call,
  paths: SetupPaths,
  answers: SetupAnswers,
  heldId: string | undefined,
): SetupPlan => {
  const { device, mqtt, enrolment } = answers
  if (enrolment !== undefined && mqtt.ca === undefined)
    throw new ConfigFault('loa.yaml', [{ path: '', message: call.say.setup.faults.noCa }])
  const id = device.id ?? heldId ?? createDeviceId(device, randomBytes)
  const shipped = chosenBoard(call, answers.board)
  const board = loadBoard(shipped, boardFolder())
  const edits = boardEdits(board, answers)
  const boardYaml =
    edits.length === 0 ? undefined : editYaml(readFileSync(boardFile(shipped, boardFolder()), 'utf8'), edits)
  if (boardYaml !== undefined) checkBoard(paths.board, boardYaml)
  const certificate = wantsCertificate(answers)
  const username = mqtt.username ?? (mqtt.password === undefined ? undefined : id)
  const yaml = agentYaml(
    {
      ...answers,
      device: { ...device, id },
      board: boardYaml === undefined ? shipped : paths.board,
      mqtt: { ...mqtt, ...(username === undefined ? {} : { username }) },
    },
    {
      ...(mqtt.ca === undefined ? {} : { ca: paths.ca }),
      ...(certificate ? { cert: paths.cert, key: paths.key } : {}),
      ...(mqtt.password === undefined ? {} : { passwordFile: paths.password }),
    },
    commentsOf(call.say),
  )
  checkAgentConfig(paths.config, yaml)
  return {
    id,
    board: board.name,
    answers,
    yaml,
    certificate,
    ...(boardYaml === undefined ? {} : { boardYaml }),
  }
}

/** The dialogue and the tests of devices ask for the board that an answer means. @throws ConfigFault */
export const boardOf = (named: string): BoardConfig => loadBoard(named, boardFolder())

export const brokenOff = ({ say }: Call): LoaError => new LoaError('STOPPED', say.setup.faults.brokenOff)
