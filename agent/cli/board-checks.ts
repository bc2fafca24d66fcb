import { headerOfBoard, headerOfModel } from '../core/board/header.ts'
import { HEADERS } from '../core/board/headers.ts'
import { chipCalled, type LineSurvey } from '../core/board/lines.ts'
import { fitsModel } from '../core/board-model.ts'
import type { AmplifierConfig, BoardConfig, InputConfig } from '../core/configuration.ts'
import type { BoardCheck } from '../core/doctor/seen.ts'
import { fail, ok, type Told, warn } from '../core/doctor/told.ts'
import { messageOf } from '../core/error.ts'
import type { SignConfig } from '../core/sign-configuration.ts'
import { type LineChecking, lineChecks, type NamedLine, numberChecks, unreadChecks } from './board-lines.ts'
import { portChecks } from './board-ports.ts'
import { powerOnChecks } from './board-power-on.ts'
import { captureChecks, soundChecks } from './board-sound.ts'
import type { Call } from './call.ts'
import { readMachine } from './machine.ts'

type LineCode = 'AMPLIFIER_STUCK' | 'CONTACT'

const modelCheck = (
  { models }: BoardConfig,
  { machine: { model, architecture }, say: { board: say } }: LineChecking,
): Told => {
  if (models.length === 0) return ok(say.modelOk(say.anyMachine))
  if (model === undefined) {
    // Where a board is named, it is one with an ARM processor.
    const isOther = architecture !== undefined && !architecture.startsWith('arm')
    return isOther
      ? fail([say.modelWrong(architecture, models.join(', ')), say.modelWrongNext])
      : warn([say.modelUnknown, say.modelUnknownNext])
  }
  return fitsModel(models, model)
    ? ok(say.modelOk(model))
    : fail([say.modelWrong(model, models.join(', ')), say.modelWrongNext])
}

/** Where the kernel was not seen to have the chip: whether that says anything. */
const chipCheck = ({ machine, say }: LineChecking, { id, chip }: NamedLine, code: LineCode): Told => {
  const { board } = say
  if (machine.chips.includes(chip) || machine.labels?.includes(chip) === true)
    return ok(board.chipOk(id, chip))
  const byLabel = !/^gpiochip\d+$/.test(chip)
  return byLabel && machine.labels === undefined && machine.chips.length > 0
    ? warn([board.chipUnchecked(id, chip), board.chipMissingNext])
    : fail([board.chipMissing(id, chip), board.chipMissingNext], code)
}

const ofLine = (checking: LineChecking, named: NamedLine, code: LineCode): readonly Told[] =>
  chipCalled(checking.survey, named.chip) === undefined
    ? [chipCheck(checking, named, code)]
    : lineChecks(checking, named, code)

const amplifierLines = (amplifier: AmplifierConfig): readonly NamedLine[] => {
  if (amplifier.driver !== 'gpiochip') return []
  const { id, chip, line, feedback } = amplifier
  return [{ id, chip, line }, ...(feedback ? [{ ...feedback, id: `${id} feedback` }] : [])]
}

const amplifierChecks = (checking: LineChecking, amplifier: AmplifierConfig): readonly Told[] =>
  amplifier.driver === 'gpiochip'
    ? amplifierLines(amplifier).flatMap((line) => ofLine(checking, line, 'AMPLIFIER_STUCK'))
    : [ok(checking.say.board.nothingToCheck(amplifier.id, amplifier.driver))]

const relayChecks = ({ machine, survey, say }: LineChecking, amplifier: AmplifierConfig): readonly Told[] => {
  if (amplifier.driver !== 'gpiochip') return []
  // Of a machine that does not name itself nobody knows how it leaves its pins.
  const header = machine.model === undefined ? undefined : headerOfModel(HEADERS, machine.model)
  return powerOnChecks(header, machine, survey, amplifier, say.wiring)
}

const inputLines = (input: InputConfig): readonly NamedLine[] => {
  if (input.driver !== 'gpiochip') return []
  const { id, chip, line, keySwitch } = input
  return [{ id, chip, line }, ...(keySwitch ? [{ ...keySwitch, id: `${id} key switch` }] : [])]
}

const inputChecks = (checking: LineChecking, input: InputConfig): readonly Told[] =>
  input.driver === 'gpiochip'
    ? inputLines(input).flatMap((line) => ofLine(checking, line, 'CONTACT'))
    : [ok(checking.say.board.nothingToCheck(input.id, input.driver))]

const signChecks = ({ machine, say }: LineChecking, sign: SignConfig): readonly Told[] => {
  const { id } = sign
  if (sign.driver === 'virtual') return [ok(say.board.nothingToCheck(id, sign.driver))]
  if (sign.driver !== 'framebuffer') return portChecks(id, sign.port, machine, say)
  const screen = machine.exists(sign.path)
    ? ok(say.board.screenOk(id, sign.path))
    : fail([say.board.screenMissing(id, sign.path), say.board.screenMissingNext], 'SIGN')
  return sign.card === undefined
    ? [screen]
    : [screen, ...portChecks(`${id} card`, sign.card.port, machine, say)]
}

const POWER_TOOLS = ['/usr/sbin/uhubctl', '/usr/bin/uhubctl', '/usr/local/sbin/uhubctl']

const powerChecks = ({ usbPower }: BoardConfig, { machine, say }: LineChecking): readonly Told[] => {
  if (usbPower === undefined || usbPower.length === 0) return []
  return [
    POWER_TOOLS.some((path) => machine.exists(path))
      ? ok(say.wiring.powerTool)
      : warn([say.wiring.powerToolMissing, say.wiring.powerToolNext]),
  ]
}

/** What each check says, in the order in which a board is read. */
type BoardFindings = Readonly<Record<BoardCheck, readonly Told[]>>

/** A machine whose kernel cannot be asked has told so, and is checked as far as /dev and /sys go. */
const surveyOf = async ({ io }: Call): Promise<LineSurvey> => {
  try {
    return await io.gpioLines()
  } catch (error) {
    return { chips: [], unread: [{ chip: '/dev/gpiochip*', reason: messageOf(error) }] }
  }
}

/**
 * What can be told of a board on this machine without taking anything from whoever holds it, so also while the agent runs.
 */
export const boardChecks = async (call: Call, board: BoardConfig): Promise<BoardFindings> => {
  const { say } = call
  const machine = readMachine(call.io.root)
  const survey = await surveyOf(call)
  const { model } = machine
  const header =
    (model === undefined ? undefined : headerOfModel(HEADERS, model)) ?? headerOfBoard(HEADERS, board.models)
  const checking: LineChecking = { machine, survey, header, audio: board.audio, say }
  const lines = [...board.amplifiers.flatMap(amplifierLines), ...board.inputs.flatMap(inputLines)]
  return {
    board: [ok(say.board.fileOk(board.name))],
    model: [modelCheck(board, checking)],
    card: soundChecks(board.audio, machine, say),
    microphone: captureChecks(board.audio, machine, say),
    chips: [...unreadChecks(checking, lines), ...numberChecks(checking, lines)],
    'relay-lines': board.amplifiers.flatMap((amplifier) => amplifierChecks(checking, amplifier)),
    'power-on': board.amplifiers.flatMap((amplifier) => relayChecks(checking, amplifier)),
    'contact-lines': board.inputs.flatMap((input) => inputChecks(checking, input)),
    ports: board.signs.flatMap((sign) => signChecks(checking, sign)),
    'usb-power': powerChecks(board, checking),
  }
}
