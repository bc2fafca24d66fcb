import { cardOfDevice, isHatCard } from '../../agent/core/board/sound-card.ts'
import type { AudioConfig, BoardConfig } from '../../agent/core/configuration.ts'
import type { SignConfig } from '../../agent/core/sign-configuration.ts'
import type { Both } from './words.ts'

const ofSound = (audio: AudioConfig): readonly Both[] => {
  if (audio.driver === 'wav') return []
  const card = cardOfDevice(audio.device) ?? audio.device
  return [
    isHatCard(card)
      ? { vi: `Âm thanh: HAT trên chân cắm (${card})`, en: `sound: HAT on the header (${card})` }
      : { vi: `Âm thanh: card USB (${card})`, en: `sound: USB card (${card})` },
  ]
}

const panelOf = ({ id, driver, width, height }: SignConfig): string =>
  `${id} (${driver}, ${width} x ${height})`

const ofSign = (sign: SignConfig): readonly Both[] => {
  const panel = panelOf(sign)
  if ('port' in sign)
    return [
      {
        vi: `Bảng ${panel}: USB nối tiếp ${sign.baud} bit/s`,
        en: `sign ${panel}: USB serial, ${sign.baud} bit/s`,
      },
    ]
  if (sign.driver !== 'framebuffer') return []
  const card = sign.card === undefined ? [] : [sign.card]
  return [
    { vi: `Bảng ${panel}: HDMI`, en: `sign ${panel}: HDMI` },
    ...card.map(({ driver, baud }) => ({
      vi: `Card điều khiển ${driver}: USB nối tiếp ${baud} bit/s`,
      en: `sending card ${driver}: USB serial, ${baud} bit/s`,
    })),
  ]
}

/** What a board is wired to by other plugs than its header. */
export const elsewhereOf = ({ audio, signs }: BoardConfig): readonly Both[] => [
  ...ofSound(audio),
  ...signs.flatMap(ofSign),
]
