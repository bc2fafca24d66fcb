import { type Header, type NumberedPin, pinOfLine } from '../core/board/header.ts'
import { type ChipFact, chipCalled, type LineFact, type LineSurvey } from '../core/board/lines.ts'
import { cardOfDevice, isHatCard } from '../core/board/sound-card.ts'
import type { Code } from '../core/codes.ts'
import type { BoardConfig } from '../core/configuration.ts'
import { fail, ok, type Told, warn } from '../core/doctor/told.ts'
import type { MachineFacts } from './machine.ts'
import type { Messages } from './messages/messages.ts'

/** A line as the board file names it. */
export type NamedLine = { readonly id: string; readonly chip: string; readonly line: number }

export type LineChecking = {
  readonly machine: MachineFacts
  readonly survey: LineSurvey
  readonly header: Header | undefined
  readonly audio: BoardConfig['audio']
  readonly say: Messages
}

/** Under which the agent holds its lines. */
const OWN_NAME = 'loa-agent'

const pinOf = ({ header, survey }: LineChecking, { chip, line }: NamedLine): NumberedPin | undefined =>
  header && pinOfLine(header, { chip: chipCalled(survey, chip)?.label ?? chip, line })

const wordsOf = (checking: LineChecking, named: NamedLine, fact: LineFact): string => {
  const { say } = checking
  const pin = pinOf(checking, named)
  const known = [...(fact.name === '' ? [] : [fact.name]), ...(pin ? [say.wiring.pin(pin.number)] : [])]
  const line = say.wiring.line(named.line, named.chip)
  return known.length === 0 ? line : `${line} (${known.join(', ')})`
}

const holding = (checking: LineChecking, named: NamedLine, fact: LineFact, code: Code): Told => {
  const { wiring } = checking.say
  const words = wordsOf(checking, named, fact)
  if (!fact.used) return ok(wiring.lineOk(named.id, words))
  if (fact.consumer === OWN_NAME) return ok(wiring.lineOwn(named.id, words))
  return fact.consumer === ''
    ? fail([wiring.lineMuxed(named.id, words), wiring.lineMuxedNext], code)
    : fail([wiring.lineHeld(named.id, words, fact.consumer), wiring.lineHeldNext], code)
}

const usesHat = ({ audio }: LineChecking): boolean =>
  audio.driver !== 'wav' && isHatCard(cardOfDevice(audio.device) ?? '')

const contested = (checking: LineChecking, { id }: NamedLine, words: string, pin: NumberedPin): Told[] => {
  const { wiring } = checking.say
  const { by, device } = pin.use ?? {}
  if (by === 'i2s' && usesHat(checking)) return [fail([wiring.pinOfHat(id, words), wiring.pinTakenNext])]
  if (by === 'id' || by === 'system') return [warn([wiring.pinOfBoard(id, words), wiring.pinTakenNext])]
  if (by === undefined || device === undefined || !checking.machine.exists(device)) return []
  return [warn([wiring.pinOfBus(id, words, by.toUpperCase(), device), wiring.pinOfBusNext])]
}

/** Whether a pin of the header is meant at all: a chip on USB or I2C has none of them. */
const isChipOfHeader = ({ header }: LineChecking, { label }: ChipFact): boolean =>
  header?.pins.some((pin) => pin.kind === 'gpio' && pin.chip === label) === true

/**
 * What the kernel and the header say of a line; nothing where the kernel shows no chip of that name, or may not be asked.
 */
export const lineChecks = (checking: LineChecking, named: NamedLine, code: Code): readonly Told[] => {
  const { survey, say } = checking
  const chip = chipCalled(survey, named.chip)
  if (chip === undefined) return []
  const fact = chip.lines[named.line]
  if (fact === undefined) {
    const { lineBeyond, lineBeyondNext } = say.wiring
    return [fail([lineBeyond(named.id, named.chip, named.line, chip.lines.length), lineBeyondNext], code)]
  }
  const words = wordsOf(checking, named, fact)
  const pin = pinOf(checking, named)
  if (pin !== undefined)
    return [holding(checking, named, fact, code), ...contested(checking, named, words, pin)]
  return isChipOfHeader(checking, chip)
    ? [
        holding(checking, named, fact, code),
        warn([say.wiring.notOnHeader(named.id, words), say.wiring.notOnHeaderNext]),
      ]
    : [holding(checking, named, fact, code)]
}

/** Chips that could not be looked at, where the board names a chip that was not seen. */
export const unreadChecks = ({ survey, say }: LineChecking, named: readonly NamedLine[]): readonly Told[] =>
  named.every(({ chip }) => chipCalled(survey, chip) !== undefined)
    ? []
    : survey.unread.map(({ chip, reason }) =>
        warn([say.wiring.linesUnread(chip, reason), say.wiring.linesUnreadNext]),
      )

/** Chips that are named by a number, once each: it is another with the next kernel. */
export const numberChecks = ({ survey, say }: LineChecking, named: readonly NamedLine[]): readonly Told[] =>
  [...new Set(named.map(({ chip }) => chip))].flatMap((chip) => {
    const label = /^gpiochip\d+$/.test(chip) ? chipCalled(survey, chip)?.label : undefined
    return label === undefined || label === ''
      ? []
      : [warn([say.wiring.chipNumber(chip), say.wiring.chipNumberNext(label)])]
  })
