import { type Header, pinOfLine } from '../../agent/core/board/header.ts'
import type { AmplifierConfig, BoardConfig, GpioLine } from '../../agent/core/configuration.ts'
import type { Both } from './words.ts'

type Wired = Extract<AmplifierConfig, { readonly driver: 'gpiochip' }>

const inConfigTxt = (text: string): Both => ({ vi: `config.txt: ${text}`, en: `config.txt: ${text}` })

const ofRelay = (header: Header, relay: Wired): readonly Both[] => {
  const pin = pinOfLine(header, relay)
  if (pin === undefined) return []
  const [rail, option] = relay.activeLow ? ['3.3 V', 'dh'] : ['GND', 'dl']
  return [
    {
      vi: `Điện trở 10 kOhm từ chân ${pin.number} đến ${rail}: ${relay.id} tắt khi mới có điện`,
      en: `10 kOhm from pin ${pin.number} to ${rail}: ${relay.id} is off from power-on`,
    },
    ...(header.atPowerOn === 'firmware' ? [inConfigTxt(`gpio=${relay.line}=op,${option}`)] : []),
  ]
}

const contactsOf = ({ amplifiers, inputs }: BoardConfig): readonly GpioLine[] => [
  ...amplifiers.flatMap((amplifier) =>
    amplifier.driver === 'gpiochip' && amplifier.feedback ? [amplifier.feedback] : [],
  ),
  ...inputs.flatMap((input) =>
    input.driver === 'gpiochip' ? [input, ...(input.keySwitch ? [input.keySwitch] : [])] : [],
  ),
]

const pulled = (
  header: Header,
  board: BoardConfig,
  bias: GpioLine['bias'],
  option: string,
): readonly Both[] => {
  const lines = contactsOf(board).filter(
    (line) => line.bias === bias && pinOfLine(header, line) !== undefined,
  )
  const numbers = lines.map(({ line }) => line).toSorted((a, b) => a - b)
  return numbers.length === 0 ? [] : [inConfigTxt(`gpio=${numbers.join(',')}=ip,${option}`)]
}

/** What a board needs besides wires, so that nothing comes on before the agent has started. */
export const powerOnNotes = (board: BoardConfig, header: Header): readonly Both[] => [
  ...board.amplifiers.flatMap((amplifier) =>
    amplifier.driver === 'gpiochip' ? ofRelay(header, amplifier) : [],
  ),
  ...(header.atPowerOn === 'firmware'
    ? [...pulled(header, board, 'pull-up', 'pu'), ...pulled(header, board, 'pull-down', 'pd')]
    : []),
]
