import { type Header, pinOfLine } from '../../agent/core/board/header.ts'
import { cardOfDevice, isHatCard } from '../../agent/core/board/sound-card.ts'
import type { AmplifierConfig, BoardConfig, GpioLine, InputConfig } from '../../agent/core/configuration.ts'
import type { SignConfig } from '../../agent/core/sign-configuration.ts'
import type { Wiring } from './wires.ts'
import { type Both, ROLE } from './words.ts'

/** One thing outside of the board, the terminals of the board it is wired to, and what lies behind it. */
export type Row = {
  readonly terminals: readonly Both[]
  /** A resistor from that terminal to the one below it. */
  readonly resistorAt?: number
  readonly device: readonly Both[]
  readonly beyond?: readonly Both[]
}

const same = (text: string): Both => ({ vi: text, en: text })
const pinText = (number: number, name: string): Both => ({
  vi: `chân ${number} · ${name}`,
  en: `pin ${number} · ${name}`,
})

const pinOf = (header: Header, line: GpioLine): Both | undefined => {
  const pin = pinOfLine(header, line)
  return pin && pinText(pin.number, pin.name)
}
const ground = ({ supply, pins }: Header): Both =>
  pinText(supply.ground, pins[supply.ground - 1]?.name ?? 'GND')
const volts5 = ({ supply, pins }: Header): Both =>
  pinText(supply.volts5, pins[supply.volts5 - 1]?.name ?? '5 V')
const volts33 = ({ pins }: Header): readonly Both[] => {
  const index = pins.findIndex(({ kind }) => kind === '3v3')
  return index < 0 ? [] : [pinText(index + 1, pins[index]?.name ?? '3.3 V')]
}

const POWER: Row = {
  terminals: [{ vi: 'cổng nguồn', en: 'power socket' }],
  device: [
    { vi: 'Nguồn 5 V riêng cho bo mạch', en: '5 V supply of the board alone' },
    { vi: 'đủ dòng hãng bo mạch ghi', en: 'as strong as its maker says' },
  ],
  beyond: [
    { vi: 'Điện lưới, qua cầu chì', en: 'mains, behind a fuse' },
    { vi: 'và chống sét', en: 'and a surge arrester' },
  ],
}

const ofRelay = (header: Header, relay: AmplifierConfig): readonly Row[] => {
  if (relay.driver !== 'gpiochip') return []
  const pin = pinOf(header, relay)
  if (pin === undefined) return []
  const isKeyed = relay.role === 'transmitter'
  const trigger = relay.activeLow
    ? { vi: 'loại đóng khi chân IN ở mức THẤP', en: 'closes when IN is LOW' }
    : { vi: 'loại đóng khi chân IN ở mức CAO', en: 'closes when IN is HIGH' }
  const rail = relay.activeLow ? volts33(header) : []
  return [
    {
      terminals: [...rail, pin, ground(header), volts5(header)],
      resistorAt: 0,
      device: [
        { vi: `Mạch rơ le ${relay.id}: IN, GND, VCC`, en: `relay board ${relay.id}: IN, GND, VCC` },
        trigger,
        { vi: 'tiếp điểm COM và NO, không dùng NC', en: 'contacts COM and NO, never NC' },
      ],
      beyond: [
        isKeyed
          ? { vi: `Máy phát ${relay.id}: phím phát (PTT)`, en: `transmitter ${relay.id}: its key (PTT)` }
          : {
              vi: `Âm ly ${relay.id}: nguồn, hoặc ngõ REMOTE`,
              en: `amplifier ${relay.id}: supply or REMOTE`,
            },
        { vi: 'tiếp điểm chịu được dòng của nó', en: 'contacts rated for its current' },
      ],
    },
    ...ofFeedback(header, relay.id, relay.feedback),
  ]
}

const ofFeedback = (header: Header, id: string, feedback: GpioLine | undefined): readonly Row[] => {
  const pin = feedback && pinOf(header, feedback)
  return pin === undefined
    ? []
    : [
        contact(header, pin, feedback, [
          { vi: `Tiếp điểm báo về của ${id}`, en: `read-back contact of ${id}` },
          { vi: 'cặp tiếp điểm thứ hai của rơ le', en: 'second pair of contacts of the relay' },
        ]),
      ]
}

/** A contact to ground; without a pull-up in the chip it needs one of its own. */
const contact = (header: Header, pin: Both, line: GpioLine | undefined, device: readonly Both[]): Row => {
  const isPulled = line?.bias === 'pull-up' || line?.bias === 'pull-down'
  const rail = isPulled ? [] : volts33(header)
  return rail.length === 0
    ? { terminals: [pin, ground(header)], device }
    : { terminals: [...rail, pin, ground(header)], resistorAt: 0, device }
}

const ofInput = (header: Header, input: InputConfig): readonly Row[] => {
  if (input.driver !== 'gpiochip') return []
  const pin = pinOf(header, input)
  const role = ROLE[input.role]
  const device =
    input.role === 'mains'
      ? [
          { vi: `${role.vi} (${input.id}): opto cách ly`, en: `${role.en} (${input.id}): opto-coupler` },
          { vi: 'ngõ ra của opto; 220 V không vào bo', en: 'its output; no mains on the board' },
        ]
      : [
          { vi: `${role.vi} (${input.id})`, en: `${role.en} (${input.id})` },
          { vi: 'tiếp điểm khô, không có điện áp', en: 'a dry contact, without voltage' },
        ]
  const key = input.keySwitch && pinOf(header, input.keySwitch)
  return [
    ...(pin === undefined ? [] : [contact(header, pin, input, device)]),
    ...(key === undefined
      ? []
      : [
          contact(header, key, input.keySwitch, [
            { vi: `Công tắc khóa của ${input.id}`, en: `key switch of ${input.id}` },
          ]),
        ]),
  ]
}

const ofSound = ({ audio, amplifiers }: BoardConfig): readonly Row[] => {
  if (audio.driver === 'wav') return []
  const card = cardOfDevice(audio.device) ?? audio.device
  const isHat = isHatCard(card)
  const ids = amplifiers
    .filter(({ role }) => role !== 'transmitter')
    .map(({ id }) => id)
    .join(', ')
  return [
    {
      terminals: [
        isHat ? { vi: 'toàn bộ hàng chân', en: 'the whole header' } : { vi: 'cổng USB', en: 'USB port' },
      ],
      device: [
        isHat
          ? { vi: `HAT âm thanh ${card}`, en: `sound HAT ${card}` }
          : { vi: `Card âm thanh USB (${card})`, en: `USB sound card (${card})` },
        { vi: 'ngõ ra LINE, dây có bọc chống nhiễu', en: 'line output, screened cable' },
      ],
      beyond: [
        { vi: `Ngõ vào âm ly ${ids}`, en: `input of amplifier ${ids}` },
        { vi: 'loa 100 V vào ngõ ra 100 V của âm ly', en: '100 V horns at its 100 V output' },
      ],
    },
  ]
}

const SIGN_SUPPLY: readonly Both[] = [
  { vi: 'Nguồn riêng của bảng', en: 'supply of the sign itself' },
  { vi: 'nối chung GND với bo mạch', en: 'ground joined with the board' },
]

const ofSign = (sign: SignConfig): readonly Row[] => {
  const name = `${sign.id} (${sign.driver}, ${sign.width} x ${sign.height})`
  const title = { vi: `Bảng ${name}`, en: `sign ${name}` }
  if ('port' in sign)
    return [
      {
        terminals: [{ vi: 'cổng USB', en: 'USB port' }],
        device: [
          title,
          { vi: `bộ chuyển USB nối tiếp, ${sign.baud} bit/s`, en: `USB serial adapter, ${sign.baud} bit/s` },
        ],
        beyond: SIGN_SUPPLY,
      },
    ]
  if (sign.driver !== 'framebuffer') return []
  const { card } = sign
  const pixels = {
    terminals: [same('HDMI')],
    device: [title, { vi: 'card gửi của bảng: hình', en: 'its sending card: the pixels' }],
    beyond: SIGN_SUPPLY,
  }
  if (card === undefined) return [pixels]
  return [
    pixels,
    {
      terminals: [{ vi: 'cổng USB', en: 'USB port' }],
      device: [
        { vi: `Card gửi (${card.driver}): độ sáng`, en: `sending card (${card.driver}): brightness` },
        { vi: `USB nối tiếp, ${card.baud} bit/s`, en: `USB serial, ${card.baud} bit/s` },
      ],
    },
  ]
}

/** Everything in the box and outside of it that is wired to a board, top to bottom. */
export const rowsOf = ({ board, header }: Wiring): readonly Row[] => [
  POWER,
  ...board.amplifiers.flatMap((amplifier) => ofRelay(header, amplifier)),
  ...ofSound(board),
  ...board.inputs.flatMap((input) => ofInput(header, input)),
  ...board.signs.flatMap(ofSign),
]
