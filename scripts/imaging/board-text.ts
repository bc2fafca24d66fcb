import type { AudioConfig, BoardConfig, GpioLine } from '../../agent/core/configuration.ts'
import { LoaError } from '../../agent/core/error.ts'

/** Chips whose pins the firmware of a Raspberry Pi sets before anything runs. */
const FIRMWARE_CHIPS = new Set(['pinctrl-bcm2835', 'pinctrl-bcm2711'])
const RASPBERRY_PI_5 = 'pinctrl-rp1'
const PULLS: Readonly<Record<string, string>> = { 'pull-up': 'pu', 'pull-down': 'pd', none: 'np' }

type Line = GpioLine & { readonly what: string }

const relaysOf = ({ amplifiers }: BoardConfig): readonly { id: string; line: number; activeLow: boolean }[] =>
  amplifiers.filter((each) => each.driver === 'gpiochip' || each.driver === 'rpio')

const contactsOf = ({ amplifiers, inputs }: BoardConfig): readonly Line[] => [
  ...amplifiers.flatMap((each) =>
    each.driver === 'gpiochip' && each.feedback !== undefined
      ? [{ ...each.feedback, what: `feedback of ${each.id}` }]
      : [],
  ),
  ...inputs.flatMap((each) => {
    if (each.driver !== 'gpiochip') return []
    const key = each.keySwitch === undefined ? [] : [{ ...each.keySwitch, what: `key switch of ${each.id}` }]
    return [{ ...each, what: each.id }, ...key]
  }),
]

const chipsOf = (board: BoardConfig): readonly string[] => [
  ...board.amplifiers.flatMap((each) => (each.driver === 'gpiochip' ? [each.chip] : [])),
  ...contactsOf(board).map(({ chip }) => chip),
]

const soundLines = (audio: AudioConfig): readonly string[] => {
  const card = audio.driver === 'wav' ? undefined : /CARD=([A-Za-z0-9_]+)/.exec(audio.device)?.[1]
  if (card === 'sndrpihifiberry') return ['# DAC on I2S', 'dtoverlay=loa-i2s-dac']
  return []
}

/**
 * What the firmware of a Raspberry Pi is to do for a board, included by config.txt: relays off and contacts pulled from power-on,
 * the sound card, the clock chip.
 * @throws CONFIG for a board that the image cannot start
 */
export const boardText = (board: BoardConfig): string => {
  const chips = new Set(chipsOf(board))
  if (chips.has(RASPBERRY_PI_5))
    throw new LoaError(
      'CONFIG',
      `${board.name} is a Raspberry Pi 5: the kernel of Debian 13 knows neither its pins nor its USB and Ethernet; install the package on Raspberry Pi OS instead`,
    )
  const foreign = [...chips].find((chip) => !FIRMWARE_CHIPS.has(chip))
  if (foreign !== undefined || board.models.some((model) => !model.startsWith('Raspberry Pi')))
    throw new LoaError(
      'CONFIG',
      `${board.name} is no Raspberry Pi: install the package on the Debian of its maker instead`,
    )
  const lines = [
    `# Board ${board.name}: pins from power-on until the agent holds them, sound, clock.`,
    ...relaysOf(board).flatMap(({ id, line, activeLow }) => [
      `# relay ${id}: off`,
      `gpio=${line}=op,${activeLow ? 'dh' : 'dl'}`,
    ]),
    ...contactsOf(board).flatMap(({ what, line, bias }) =>
      bias === undefined ? [] : [`# ${what}`, `gpio=${line}=ip,${PULLS[bias]}`],
    ),
    ...soundLines(board.audio),
    ...(board.clock === 'rtc' ? ['# clock chip DS3231 on pins 3 and 5', 'dtoverlay=loa-rtc'] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** Of an image that is made for no board. */
export const NO_BOARD_TEXT =
  '# No board yet: nothing is set from power-on. Lines such as gpio=17=op,dl for the relay belong here.\n'
