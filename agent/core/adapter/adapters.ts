import { cardOfDevice } from '../board/sound-card.ts'
import type { BoardConfig } from '../configuration.ts'

/** The adapter of the sound output; others carry the id of their sign. */
export const SOUND_ADAPTER = 'sound'

/** Something that may be plugged out: a sound card, or the serial port of a sign. */
export type Adapter = {
  readonly id: string
  readonly kind: 'card' | 'port'
  /** As the board file names it. */
  readonly name: string
}

const soundAdapter = ({ audio }: BoardConfig): readonly Adapter[] => {
  const card = audio.driver === 'wav' ? undefined : cardOfDevice(audio.device)
  return card === undefined ? [] : [{ id: SOUND_ADAPTER, kind: 'card', name: card }]
}

/** What of a board may be plugged out. A sound device that names no card cannot be watched. */
export const adaptersOf = (board: BoardConfig): readonly Adapter[] => [
  ...soundAdapter(board),
  ...board.signs.flatMap((sign): readonly Adapter[] => {
    if ('port' in sign) return [{ id: sign.id, kind: 'port', name: sign.port }]
    return 'card' in sign && sign.card ? [{ id: sign.id, kind: 'port', name: sign.card.port }] : []
  }),
]
