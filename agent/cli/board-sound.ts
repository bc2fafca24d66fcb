import { basename, dirname } from 'node:path'
import { cardOfDevice, isCardNumber } from '../core/board/sound-card.ts'
import type { AudioConfig } from '../core/configuration.ts'
import { fail, ok, type Told, warn } from '../core/doctor/check.ts'
import type { MachineFacts } from './machine.ts'
import type { Messages } from './messages/messages.ts'

const wavCheck = (file: string, machine: MachineFacts, { board }: Messages): Told => {
  const folder = dirname(file)
  return machine.exists(folder) || !folder.startsWith('/')
    ? ok(board.folderOk(file))
    : fail([board.folderMissing(folder), board.folderMissingNext(folder)], 'AUDIO_DEVICE')
}

/** Number of the card that a name of the board file means. */
const numberOf = ({ cards, names }: MachineFacts, card: string): string | undefined => {
  if (card.startsWith('/')) return /^controlC(\d+)$/.exec(basename(names.real(card) ?? ''))?.[1]
  if (cards.has(card)) return card
  return [...cards].find(([, id]) => id === card)?.[0]
}

const playsNothing = ({ namesIn }: MachineFacts, number: string): boolean => {
  const streams = namesIn(`/proc/asound/card${number}`)
  return streams.length > 0 && !streams.some((name) => /^pcm\d+p$/.test(name))
}

/** The kernel calls a second card of one kind `Device_1`. */
const alike = ({ cards }: MachineFacts, card: string): string | undefined => {
  const kind = card.replace(/_\d+$/, '')
  return [...cards.values()].find((other) => other !== card && other.replace(/_\d+$/, '') === kind)
}

const cardChecks = (
  device: string,
  card: string,
  machine: MachineFacts,
  { board, wiring }: Messages,
): readonly Told[] => {
  const number = numberOf(machine, card)
  if (number === undefined) {
    const present = [...machine.cards.values()].join(', ') || '-'
    return [fail([board.cardMissing(card, present), board.cardMissingNext], 'AUDIO_DEVICE')]
  }
  if (playsNothing(machine, number))
    return [fail([wiring.cardSilent(card), wiring.cardSilentNext], 'AUDIO_DEVICE')]
  const id = machine.cards.get(number) ?? ''
  if (isCardNumber(card))
    return [warn([wiring.cardNumber(device), wiring.cardNumberNext(`plughw:CARD=${id}`)])]
  const other = card.startsWith('/') ? undefined : alike(machine, card)
  return [
    ok(board.cardOk(device)),
    ...(other === undefined ? [] : [warn([wiring.cardsAlike(card, other), wiring.cardsAlikeNext])]),
  ]
}

/** The sound device: there, able to play, and called by a name that stays. */
export const soundChecks = (audio: AudioConfig, machine: MachineFacts, say: Messages): readonly Told[] => {
  if (audio.driver === 'wav') return [wavCheck(audio.file, machine, say)]
  const card = cardOfDevice(audio.device)
  return card === undefined
    ? [warn([say.board.cardUnchecked(audio.device), say.board.cardUncheckedNext])]
    : cardChecks(audio.device, card, machine, say)
}
