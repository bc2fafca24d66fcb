import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { loadBoard } from '../../agent/adapters/config/board-files.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { type Arguments, readArguments } from '../source-system/arguments.ts'
import { debianBase } from './base.ts'
import { boardText, NO_BOARD_TEXT } from './board-text.ts'
import { buildImage } from './build.ts'
import { HELP } from './help.ts'
import { lackingForImage } from './lacking.ts'

const ROOT = join(import.meta.dirname, '../..')
const COMPRESSORS: Readonly<Record<string, readonly string[]>> = {
  zst: ['zstd', '-q', '-f', '--rm', '-12', '-T0'],
  xz: ['xz', '-f', '-6', '-T0'],
  none: [],
}
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

const packageOf = (args: Arguments, work: string): string => {
  const given = args.text('package')
  if (given !== undefined) return resolve(given)
  execFileSync(join(ROOT, 'scripts/package'), ['--arch', 'arm64', '--out', work], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return globSync(join(work, 'loa-agent_*_arm64.deb'))[0] ?? ''
}

const make = async (args: Arguments): Promise<void> => {
  const compress = args.text('compress') ?? 'zst'
  const compressor = COMPRESSORS[compress]
  if (compressor === undefined)
    throw new LoaError('USAGE', `--compress takes ${Object.keys(COMPRESSORS).join(', ')}, not ${compress}`)
  const board = args.text('board')
  const text = board === undefined ? NO_BOARD_TEXT : boardText(loadBoard(board, join(ROOT, 'board-configs')))
  const lacking = lackingForImage()
  if (lacking !== undefined) throw new LoaError('IO', lacking)
  const [cache, moment] = [args.required('cache'), args.required('moment')]
  const out = resolve(args.text('out') ?? join(ROOT, 'images'))
  mkdirSync(out, { recursive: true })
  mkdirSync(cache, { recursive: true })
  const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const name = `loa-card_${version}_${board === undefined ? 'any' : loadBoard(board, join(ROOT, 'board-configs')).name}`
  const card = join(out, `${name}.img`)
  const work = mkdtempSync(join(out, '.making-'))
  try {
    const base = debianBase(cache, args.has('fresh'))
    const order = { name, boardText: text, package: packageOf(args, work), base, moment, work }
    const parts = buildImage({ ...order, card: join(work, `${name}.img`) })
    for (const [part, { bytes, used }] of Object.entries(parts))
      console.log(`${part.padEnd(7)} ${mb(bytes)}, ${mb(used)} used`)
    const made = join(work, `${name}.img`)
    console.log(`card    ${mb(statSync(made).size)} before the first start, then as large as the card`)
    console.log(`sha256 of the card itself ${await digestOf(made)}`)
    const [program, ...words] = compressor
    if (program !== undefined)
      execFileSync(program, [...words, made], { stdio: ['ignore', 'ignore', 'inherit'] })
    const ending = program === undefined ? '' : `.${compress}`
    execFileSync('mv', ['-f', `${made}${ending}`, `${card}${ending}`])
    console.log(
      `${card}${ending}  ${mb(statSync(`${card}${ending}`).size)}  sha256 ${await digestOf(`${card}${ending}`)}`,
    )
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

try {
  const args = readArguments(process.argv.slice(2), {
    board: { type: 'string' },
    cache: { type: 'string' },
    compress: { type: 'string' },
    fresh: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    moment: { type: 'string' },
    out: { type: 'string' },
    package: { type: 'string' },
  })
  if (args.has('help')) console.log(HELP)
  else await make(args)
} catch (error) {
  console.error(`image: ${messageOf(error)}`)
  process.exitCode = error instanceof LoaError && error.code === 'USAGE' ? 2 : 1
}
