import { dirname } from 'node:path'
import { fitsModel } from '../core/board-model.ts'
import type { AmplifierConfig, BoardConfig, InputConfig } from '../core/configuration.ts'
import { fail, ok, type Told, warn } from '../core/doctor/check.ts'
import type { SignConfig } from '../core/sign-configuration.ts'
import type { MachineFacts } from './machine.ts'
import type { Messages } from './messages/messages.ts'

type Words = Messages['board']

const modelCheck = ({ models }: BoardConfig, { model }: MachineFacts, say: Words): Told => {
  if (models.length === 0) return ok(say.modelOk(say.anyMachine))
  if (model === undefined) return warn([say.modelUnknown, say.modelUnknownNext])
  return fitsModel(models, model)
    ? ok(say.modelOk(model))
    : fail([say.modelWrong(model, models.join(', ')), say.modelWrongNext])
}

const cardCheck = (
  device: string,
  machine: MachineFacts,
  say: Words,
  code: 'AUDIO_DEVICE' | 'CAPTURE',
): Told => {
  const [, card] = /(?:CARD=|hw:)([^,=]+)(?:,|$)/.exec(device) ?? []
  if (card === undefined) return warn([say.cardUnchecked(device), say.cardUncheckedNext])
  const ids = [...machine.cards.values()]
  if (machine.cards.has(card) || ids.includes(card)) return ok(say.cardOk(device))
  return fail([say.cardMissing(card, ids.join(', ') || '-'), say.cardMissingNext], code)
}

const audioCheck = ({ audio }: BoardConfig, machine: MachineFacts, say: Words): Told => {
  if (audio.driver === 'wav') {
    const folder = dirname(audio.file)
    return machine.exists(folder) || !folder.startsWith('/')
      ? ok(say.folderOk(audio.file))
      : fail([say.folderMissing(folder), say.folderMissingNext(folder)], 'AUDIO_DEVICE')
  }
  return cardCheck(audio.device, machine, say, 'AUDIO_DEVICE')
}

const captureChecks = ({ audio }: BoardConfig, machine: MachineFacts, say: Words): readonly Told[] =>
  audio.capture === undefined ? [] : [cardCheck(audio.capture.device, machine, say, 'CAPTURE')]

const chipCheck = (
  id: string,
  chip: string,
  machine: MachineFacts,
  say: Words,
  code: 'AMPLIFIER_STUCK' | 'CONTACT',
): Told => {
  if (machine.chips.includes(chip) || machine.labels?.includes(chip) === true) return ok(say.chipOk(id, chip))
  const byLabel = !/^gpiochip\d+$/.test(chip)
  return byLabel && machine.labels === undefined && machine.chips.length > 0
    ? warn([say.chipUnchecked(id, chip), say.chipMissingNext])
    : fail([say.chipMissing(id, chip), say.chipMissingNext], code)
}

const amplifierChecks = (amplifier: AmplifierConfig, machine: MachineFacts, say: Words): readonly Told[] => {
  if (amplifier.driver !== 'gpiochip') return [ok(say.nothingToCheck(amplifier.id, amplifier.driver))]
  const own = chipCheck(amplifier.id, amplifier.chip, machine, say, 'AMPLIFIER_STUCK')
  const { feedback } = amplifier
  return feedback === undefined || feedback.chip === amplifier.chip
    ? [own]
    : [own, chipCheck(`${amplifier.id} feedback`, feedback.chip, machine, say, 'AMPLIFIER_STUCK')]
}

const portCheck = (id: string, port: string, machine: MachineFacts, say: Words): Told =>
  machine.exists(port)
    ? ok(say.portOk(id, port))
    : fail([say.portMissing(id, port), say.portMissingNext], 'SIGN')

const signChecks = (sign: SignConfig, machine: MachineFacts, say: Words): readonly Told[] => {
  const { id } = sign
  if (sign.driver === 'virtual') return [ok(say.nothingToCheck(id, sign.driver))]
  if (sign.driver !== 'framebuffer') return [portCheck(id, sign.port, machine, say)]
  const screen = machine.exists(sign.path)
    ? ok(say.screenOk(id, sign.path))
    : fail([say.screenMissing(id, sign.path), say.screenMissingNext], 'SIGN')
  return sign.card === undefined ? [screen] : [screen, portCheck(`${id} card`, sign.card.port, machine, say)]
}

const inputChecks = (input: InputConfig, machine: MachineFacts, say: Words): readonly Told[] => {
  if (input.driver !== 'gpiochip') return [ok(say.nothingToCheck(input.id, input.driver))]
  const own = chipCheck(input.id, input.chip, machine, say, 'CONTACT')
  const { keySwitch } = input
  return keySwitch === undefined || keySwitch.chip === input.chip
    ? [own]
    : [own, chipCheck(`${input.id} key switch`, keySwitch.chip, machine, say, 'CONTACT')]
}

/** What can be told of a board on this machine without touching hardware, so also while the agent holds it. */
export const boardChecks = (board: BoardConfig, machine: MachineFacts, say: Words): readonly Told[] => [
  ok(say.fileOk(board.name)),
  modelCheck(board, machine, say),
  audioCheck(board, machine, say),
  ...captureChecks(board, machine, say),
  ...board.amplifiers.flatMap((amplifier) => amplifierChecks(amplifier, machine, say)),
  ...board.inputs.flatMap((input) => inputChecks(input, machine, say)),
  ...board.signs.flatMap((sign) => signChecks(sign, machine, say)),
]
