import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { lackingForBoard } from './board/lacking.ts'
import type { Forgotten } from './board/volatile-disk.ts'
import { Receiver } from './cuts/receiver.ts'
import { type Cut, Rig, type Verdict } from './cuts/rig.ts'
import { Source } from './cuts/source.ts'

const HEAD = 'cut  moment      after  unflushed  forgotten  last record  damage  lost  sounding'

/** Cuts at the end that plan nothing new: what is planned should be over soon after the last. */
const ENDS_BEFORE = 3

const lineOf = (cut: Cut): string =>
  [
    String(cut.number).padStart(3),
    ` ${cut.moment.padEnd(8)}`,
    `${cut.after.toFixed(1)} s`.padStart(8),
    String(cut.unflushed).padStart(9),
    String(cut.forgotten).padStart(9),
    String(cut.lastRecord).padStart(11),
    String(cut.damage.length).padStart(6),
    String(cut.lost.length).padStart(4),
    cut.sounding.map((key) => key.split(' ', 1)).join(' '),
  ].join('  ')

const sum = <T>(all: readonly T[], of: (each: T) => number): number =>
  all.reduce((total, each) => total + of(each), 0)

const holding = <T>(all: readonly T[], of: (each: T) => boolean): string =>
  `${all.filter(of).length} of ${all.length}`

const forgot = (all: readonly Forgotten[]): string =>
  `${sum(all, ({ forgotten }) => forgotten)} of ${sum(all, ({ unflushed }) => unflushed)} writes that were not flushed`

const summaryOf = (cuts: readonly Cut[], boots: number, verdict: Verdict, minutes: number): string => {
  const glimpsed = cuts.flatMap((cut) => cut.glimpsed)
  return [
    `cuts                    ${cuts.length}, ${cuts.filter(({ moment }) => moment === 'starting').length} of them into a start`,
    `starts that were ready  ${boots}`,
    `the disk forgot         ${forgot(cuts)}`,
    `integrity               ${holding(cuts, ({ damage }) => damage.length === 0)} disks whole`,
    `what the province had   ${holding(cuts, ({ lost }) => lost.length === 0)} disks had all of it`,
    `other instants          ${holding(glimpsed, ({ faults }) => faults.length === 0)} disks whole and complete; forgotten ${forgot(glimpsed)}`,
    `planned seconds         ${verdict.planned}, each with one record but for the faults below`,
    `records                 ${verdict.records}; POWER_LOST ${verdict.interrupted}, taken up and completed ${verdict.takenUp}`,
    `new epochs              ${verdict.newEpochs}`,
    `minutes                 ${minutes.toFixed(1)}`,
    `faults                  ${verdict.faults.length}`,
    ...verdict.faults.map((fault) => `  ${fault}`),
  ].join('\n')
}

const run = async (folder: string, cache: string, times: number): Promise<boolean> => {
  await using source = await Source.open(folder)
  const rig = new Rig(source, new Receiver(folder, cache, source))
  const begun = performance.now()
  const cuts: Cut[] = []
  let asked = false
  // Once: what was cut so far is settled and judged.
  process.once('SIGINT', () => {
    asked = true
    process.once('SIGINT', () => process.exit(130))
  })
  console.log(HEAD)
  for (let number = 1; number <= times && !asked; number += 1) {
    const cut = await rig.cut(number, number === 1 || number <= times - ENDS_BEFORE)
    cuts.push(cut)
    console.log(lineOf(cut))
  }
  const verdict = await rig.settle()
  console.log(`\n${summaryOf(cuts, rig.boots, verdict, (performance.now() - begun) / 60_000)}`)
  return verdict.faults.length === 0
}

const { values } = parseArgs({ options: { times: { type: 'string' }, cache: { type: 'string' } } })
process.once('SIGTERM', () => process.exit(143))
const lacking = lackingForBoard()
if (lacking !== undefined) console.log(`SKIP power-cuts: ${lacking}`)
else {
  const cache = values.cache ?? join(tmpdir(), 'loa-board')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'loa-cuts-'))
  const well = await run(folder, cache, Number(values.times ?? 30))
  if (well) rmSync(folder, { recursive: true })
  else console.log(`the disks and what the board said are kept in ${folder}`)
  process.exitCode = well ? 0 : 1
}
