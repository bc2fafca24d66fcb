import type { Pin } from '../../agent/core/board/header.ts'
import type { Wiring } from './wires.ts'
import type { Both } from './words.ts'
import { ALSO } from './words.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const lineOf = (pin: Pin): string => (pin.kind === 'gpio' ? `\`${pin.chip}\` ${pin.line}` : '')
const alsoOf = (pin: Pin): string => (pin.kind === 'gpio' && pin.use ? (ALSO[pin.use.by] ?? '') : '')

const pinRow = ({ wires }: Wiring, pin: Pin, number: number): string => {
  const wire = wires.get(number)
  const wired = wire === undefined ? '' : `**${wire.vi}** / ${wire.en}`
  return `| ${[`${number}`, pin.name, lineOf(pin), wired, alsoOf(pin)].map(cell).join(' | ')} |`
}

const bullet = ({ vi, en }: Both): string => (vi === en ? `- \`${vi}\`` : `- **${vi}** / ${en}`)

const section = (title: string, points: readonly Both[]): readonly string[] =>
  points.length === 0 ? [] : [`## ${title}`, '', ...points.map(bullet), '']

/** The header of a board as a table, with what its board file wires to it. */
export const wiringPage = (wiring: Wiring): string => {
  const { board, header, elsewhere, powerOn } = wiring
  return [
    `# ${board.name}: ${header.title}`,
    '',
    `Made by \`scripts/wiring.ts\` from \`board-configs/${board.name}.yaml\`, where the notes on this board are.`,
    'Never tried on the board itself: pins and lines are from the papers below. `loa board check` holds them against the machine.',
    '',
    `![${board.name}: trong hộp / in the box](${board.name}-box.svg)`,
    '',
    `![${board.name}](${board.name}.svg)`,
    '',
    '| chân / pin | tên / name | chip, line | nối với / wired to | cũng là / also |',
    '|---|---|---|---|---|',
    ...header.pins.map((pin, index) => pinRow(wiring, pin, index + 1)),
    '',
    ...section('Không ở trên chân cắm / not on the header', elsewhere),
    ...section('Khi mới có điện / at power-on', powerOn),
    '## Nguồn / source',
    '',
    `${header.source}.`,
    '',
  ].join('\n')
}
