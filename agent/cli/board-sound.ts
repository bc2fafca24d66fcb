import { basename, dirname } from 'node:path'
import { cardOfDevice, isCardNumber } from '../core/board/sound-card.ts'
import type { AudioConfig } from '../core/configuration.ts'
import { fail, ok, type Told, warn } from '../core/doctor/told.ts'
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

/** What is wanted of a card: that it plays, or that it listens. */
type Use = { readonly code: 'AUDIO_DEVICE' | 'CAPTURE'; readonly stream: RegExp }
const PLAYS: Use = { code: 'AUDIO_DEVICE', stream: /^pcm\d+p$/ }
const LISTENS: Use = { code: 'CAPTURE', stream: /^pcm\d+c$/ }

const cannot = ({ namesIn }: MachineFacts, number: string, { stream }: Use): boolean => {
  const streams = namesIn(`/proc/asound/card${number}`)
  return streams.length > 0 && !streams.some((name) => stream.test(name))
}

/** The kernel calls a second card of one kind `Device_1`. */
const alike = ({ cards }: MachineFacts, card: string): string | undefined => {
  const kind = card.replace(/_\d+$/, '')
  return [...cards.values()].find((other) => other !== card && other.replace(/_\d+$/, '') === kind)
}

const deviceChecks = (
  device: string,
  use: Use,
  machine: MachineFacts,
  { board, wiring }: Messages,
): readonly Told[] => {
  const card = cardOfDevice(device)
  if (card === undefined) return [warn([board.cardUnchecked(device), board.cardUncheckedNext])]
  const number = numberOf(machine, card)
  if (number === undefined) {
    const present = [...machine.cards.values()].join(', ') || '-'
    return [fail([board.cardMissing(card, present), board.cardMissingNext], use.code)]
  }
  if (cannot(machine, number, use))
    return [
      use === PLAYS
        ? fail([wiring.cardSilent(card), wiring.cardSilentNext], use.code)
        : fail([wiring.cardDeaf(card), wiring.cardDeafNext], use.code),
    ]
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
export const soundChecks = (audio: AudioConfig, machine: MachineFacts, say: Messages): readonly Told[] =>
  audio.driver === 'wav'
    ? [wavCheck(audio.file, machine, say)]
    : deviceChecks(audio.device, PLAYS, machine, say)

/** The device that listens, where there is one. */
export const captureChecks = (audio: AudioConfig, machine: MachineFacts, say: Messages): readonly Told[] => {
  const { capture } = audio
  return audio.driver === 'wav' || capture === undefined
    ? []
    : deviceChecks(capture.device, LISTENS, machine, say)
}
