import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { lackingForImage } from '../imaging/lacking.ts'
import { lackingForBoard, lackingOf } from './board/lacking.ts'
import { Card } from './card/card.ts'
import { firstStart, inAnotherBoard, secondStart } from './card/passes.ts'
import { Pi } from './card/pi.ts'
import { Judge } from './emulated/judge.ts'
import { Findings } from './parts/findings.ts'
import { limitTo } from './parts/limit.ts'

const LIMIT_SECONDS = 7200

const { values } = parseArgs({
  options: { image: { type: 'string' }, keep: { type: 'boolean', default: false } },
})

const imageIn = (folder: string): string => {
  if (values.image !== undefined) return resolve(values.image)
  const program = join(import.meta.dirname, '../image')
  execFileSync(program, ['--compress', 'none', '--board', 'rpi-3b-plus', '--out', folder], {
    stdio: 'inherit',
  })
  return globSync(join(folder, '*.img'))[0] ?? ''
}

/** Of a technician. */
const publicKeyIn = (folder: string): string => {
  const key = join(folder, 'technician')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'technician', '-f', key])
  return readFileSync(`${key}.pub`, 'utf8')
}

/** Beside what every emulated board needs. */
const PROGRAMS = {
  mcopy: 'mtools',
  fdtoverlay: 'device-tree-compiler',
  fdtput: 'device-tree-compiler',
  'ssh-keygen': 'openssh-client',
}

const lacking =
  lackingForBoard() ?? lackingOf(PROGRAMS) ?? (values.image === undefined ? lackingForImage() : undefined)
if (lacking !== undefined) {
  console.log(`SKIP card-image: ${lacking}`)
  process.exit(0)
}
const findings = new Findings()
const judge = new Judge(findings)
limitTo(LIMIT_SECONDS, () => findings.close('the image of a card, cut short'))
mkdirSync(tmpdir(), { recursive: true })
const folder = mkdtempSync(join(tmpdir(), 'loa-card-'))
const begun = performance.now()
try {
  const card = new Card(imageIn(folder), folder)
  const pi = new Pi(card, folder)
  const identity = await firstStart(pi, card, judge, publicKeyIn(folder))
  await secondStart(pi, card, judge, identity)
  await inAnotherBoard(pi, card, judge, identity)
  findings.count(`${((performance.now() - begun) / 60_000).toFixed(1)} minutes`)
  if (!values.keep) rmSync(folder, { recursive: true })
} catch (error) {
  findings.broken(`${String(error)}; what the board said is kept in ${folder}`)
}
process.exit(findings.close('the image of a card'))
