import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkLedger } from '../source-system/check.ts'
import { lackingForBoard, lackingForRpio } from './board/lacking.ts'
import { Source } from './cuts/source.ts'
import { Judge } from './emulated/judge.ts'
import { PiBoard } from './emulated/pi-board.ts'
import { tryDrivers } from './emulated/pi-passes.ts'
import { VirtBoard } from './emulated/virt-board.ts'
import { PASSES, type Rows, SHORT } from './emulated/virt-passes.ts'
import { VirtStation } from './emulated/virt-station.ts'
import { attempt } from './parts/attempt.ts'
import { Findings } from './parts/findings.ts'
import { limitTo } from './parts/limit.ts'

const LIMIT_SECONDS = 5400

const rowsOf = (findings: Findings): Rows => {
  const row = (what: string, below?: number) =>
    findings.row(what, { of: 0, unit: 'ms', ...(below === undefined ? {} : { below }) })
  return {
    playout: row('playout killed: relay open, board time', 1000),
    agent: row('agent killed: relay open, board time', 1000),
    both: row('both killed: relay open by open-relays'),
  }
}

const onVirt = async (folder: string, cache: string, findings: Findings, short: boolean): Promise<void> => {
  console.log('virt: PL061, HDA, second serial port')
  const rows = rowsOf(findings)
  const judge = new Judge(findings)
  await using source = await Source.open(folder)
  await using board = await VirtBoard.start(folder, cache, source)
  const station = new VirtStation(board, source)
  for (const pass of short ? SHORT : PASSES) await pass(station, judge, rows)
  judge.begin('records')
  const chains = checkLedger(source.province.records.ledger)
  judge.is('chains', chains.length, 1)
  judge.is(
    'faults',
    chains.flatMap(({ findings: found }) => found),
    [],
  )
}

const onPi = async (folder: string, cache: string, findings: Findings): Promise<void> => {
  console.log('raspi3b: BCM2835')
  await using board = await PiBoard.start(folder, cache)
  await tryDrivers(board, new Judge(findings))
}

const { values } = parseArgs({
  options: {
    machine: { type: 'string' },
    cache: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
})
if (!['virt', 'raspi3b'].includes(values.machine ?? 'virt')) throw new Error('--machine is virt or raspi3b')
const cache = values.cache ?? join(tmpdir(), 'loa-board')
const findings = new Findings()

/** @param name of the machine, as qemu has it; without `--machine` both are tried */
const on = (name: 'virt' | 'raspi3b', lacking: string | undefined, run: Parameters<typeof attempt>[2]) =>
  attempt({ rig: 'emulated-board', name, only: values.machine, lacking, cache }, findings, run)

limitTo(LIMIT_SECONDS, () => findings.close('emulated boards, cut short'))
await on('virt', lackingForBoard(), (folder) => onVirt(folder, cache, findings, values.short))
await on('raspi3b', lackingForBoard() ?? lackingForRpio(), (folder) => onPi(folder, cache, findings))
process.exit(findings.close('emulated boards'))
