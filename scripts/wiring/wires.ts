import { type Header, pinOfLine, pinsUsedBy } from '../../agent/core/board/header.ts'
import { cardOfDevice, isHatCard } from '../../agent/core/board/sound-card.ts'
import type { AmplifierConfig, BoardConfig, GpioLine, InputConfig } from '../../agent/core/configuration.ts'
import { elsewhereOf } from './elsewhere.ts'
import { powerOnNotes } from './power-on-notes.ts'
import { type Both, level, ROLE } from './words.ts'

/** What a pin of the header is wired to. */
export type Wire = Both & {
  readonly pin: number
  readonly kind: 'relay' | 'contact' | 'supply' | 'taken'
}

export type Wiring = {
  readonly board: BoardConfig
  readonly header: Header
  /** At most one a pin, by its number. */
  readonly wires: ReadonlyMap<number, Wire>
  /** What is not on the header. */
  readonly elsewhere: readonly Both[]
  /** What holds relays off and contacts defined until the agent starts. */
  readonly powerOn: readonly Both[]
}

const at = (header: Header, line: GpioLine, kind: Wire['kind'], text: Both): readonly Wire[] => {
  const pin = pinOfLine(header, line)
  return pin === undefined ? [] : [{ pin: pin.number, kind, ...text }]
}

const ofAmplifier = (header: Header, amplifier: AmplifierConfig): readonly Wire[] => {
  if (amplifier.driver !== 'gpiochip') return []
  const { id, feedback } = amplifier
  const on = level(amplifier.activeLow)
  const isKeyed = amplifier.role === 'transmitter'
  return [
    ...at(header, amplifier, 'relay', {
      vi: `${isKeyed ? 'Rơ le máy phát' : 'Rơ le âm ly'} ${id}: ${on.vi} = bật`,
      en: `${isKeyed ? 'transmitter' : 'amplifier'} relay ${id}: ${on.en} = on`,
    }),
    ...(feedback === undefined
      ? []
      : at(header, feedback, 'contact', {
          vi: `Tiếp điểm báo về ${id}: ${level(feedback.activeLow).vi} = bật`,
          en: `read-back contact ${id}: ${level(feedback.activeLow).en} = on`,
        })),
  ]
}

const ofInput = (header: Header, input: InputConfig): readonly Wire[] => {
  if (input.driver !== 'gpiochip') return []
  const { id, role, keySwitch } = input
  const active = level(input.activeLow)
  return [
    ...at(header, input, 'contact', {
      vi: `${ROLE[role].vi} (${id}): ${active.vi} = có`,
      en: `${ROLE[role].en} (${id}): ${active.en} = yes`,
    }),
    ...(keySwitch === undefined
      ? []
      : at(header, keySwitch, 'contact', {
          vi: `Khóa của ${id}: ${level(keySwitch.activeLow).vi} = mở`,
          en: `key switch of ${id}: ${level(keySwitch.activeLow).en} = turned`,
        })),
  ]
}

const supplies = ({ supply }: Header): readonly Wire[] => [
  { pin: supply.volts5, kind: 'supply', vi: '5 V cho mạch rơ le', en: '5 V of the relay board' },
  { pin: supply.ground, kind: 'supply', vi: 'Đất chung (GND)', en: 'common ground' },
]

const ofHat = ({ audio }: BoardConfig, header: Header): readonly Wire[] => {
  if (audio.driver === 'wav' || !isHatCard(cardOfDevice(audio.device) ?? '')) return []
  return [...pinsUsedBy(header, 'i2s'), ...pinsUsedBy(header, 'id')].map(({ number }) => ({
    pin: number,
    kind: 'taken',
    vi: 'HAT âm thanh: không nối gì khác',
    en: 'sound HAT: wire nothing else here',
  }))
}

/** Everything that a board file says of the header of its board. What it wires itself goes before what a HAT may take. */
export const wiringOf = (board: BoardConfig, header: Header): Wiring => {
  const wires = [
    ...ofHat(board, header),
    ...supplies(header),
    ...board.inputs.flatMap((input) => ofInput(header, input)),
    ...board.amplifiers.flatMap((amplifier) => ofAmplifier(header, amplifier)),
  ]
  return {
    board,
    header,
    wires: new Map(wires.map((wire) => [wire.pin, wire])),
    elsewhere: elsewhereOf(board),
    powerOn: powerOnNotes(board, header),
  }
}
