import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { listBoards } from '../../agent/adapters/config/board-files.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { type Arguments, readArguments } from '../source-system/arguments.ts'
import { readCommon } from './boot-text.ts'
import { HELP } from './help.ts'
import type { Grid } from './labels.ts'
import { prepare } from './prepare.ts'
import { readDevices } from './rows.ts'

const BOARDS = join(import.meta.dirname, '../../board-configs')
const CODE_DAYS = 30

const gridOf = (text: string): Grid => {
  const [, columns, rows] = /^([1-9])x([1-9]\d?)$/.exec(text) ?? []
  if (columns === undefined || rows === undefined)
    throw new LoaError('USAGE', `--labels takes COLUMNSxROWS on a sheet, such as 3x8, not ${text}`)
  return { columns: Number(columns), rows: Number(rows) }
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new LoaError('IO', `cannot read ${file} (${messageOf(cause)})`, { cause })
  }
}

const optional = <Name extends string>(name: Name, value: string | undefined): { [K in Name]?: string } =>
  value === undefined ? {} : ({ [name]: resolve(value) } as { [K in Name]?: string })

const run = async (args: Arguments): Promise<void> => {
  const out = resolve(args.required('out'))
  const boards = listBoards(BOARDS).map(({ name }) => name)
  const common = readCommon(args.required('common'))
  const devices = readDevices(textOf(args.required('csv')), boards)
  const wanting = devices.find(({ brokers }) => brokers.length === 0)
  if (!('brokers' in common) && wanting !== undefined)
    throw new LoaError(
      'INVALID',
      `row ${wanting.row}: no broker, neither here nor in ${args.required('common')}`,
    )
  const ids = await prepare({
    devices,
    common,
    out,
    boards: BOARDS,
    ledger: resolve(args.text('ledger') ?? join(dirname(out), 'provisioned.csv')),
    now: new Date(),
    codeDays: args.number('days', { min: 1, max: 365 }) ?? CODE_DAYS,
    grid: gridOf(args.text('labels') ?? '3x8'),
    again: args.has('again'),
    ...optional('authority', args.text('authority')),
    ...optional('authorizedKeys', args.text('authorized-keys')),
    ...optional('image', args.text('image')),
  })
  console.log(`${ids.length} cards in ${out}: ${ids[0]}${ids.length > 1 ? ` to ${ids.at(-1)}` : ''}`)
  console.log(`  labels.pdf   print, cut, one on each box`)
  console.log(`  cards/ID     copy onto the boot partition of one flashed card each`)
  if (args.text('image') !== undefined) console.log(`  images/ID.img  or flash these, ready as they are`)
  if (args.text('authority') === undefined)
    console.log(`  codes.csv    secret, as is enrol/: give them to the province, then remove them here`)
}

try {
  const args = readArguments(process.argv.slice(2), {
    again: { type: 'boolean' },
    authority: { type: 'string' },
    'authorized-keys': { type: 'string' },
    common: { type: 'string' },
    csv: { type: 'string' },
    days: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    image: { type: 'string' },
    labels: { type: 'string' },
    ledger: { type: 'string' },
    out: { type: 'string' },
  })
  if (args.has('help')) console.log(HELP)
  else await run(args)
} catch (error) {
  const said = messageOf(error).split('\n')
  for (const line of said) console.error(`provision: ${line}`)
  process.exitCode = error instanceof LoaError && error.code === 'USAGE' ? 2 : 1
}
