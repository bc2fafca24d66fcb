import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { Bench, inMs, itemAt } from '../rig/bench.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { median, quantile } from './parts/statistics.ts'

const GOAL_MS = 150
const ITEMS = 40

type Program = { readonly name: string; readonly argv: readonly string[]; readonly files: readonly string[] }
type Figures = { readonly warm: readonly number[]; readonly cold: readonly number[] }

const once = ({ argv: [file = '', ...rest] }: Program): number => {
  const begun = performance.now()
  const { error } = spawnSync(file, rest, { stdio: 'ignore' })
  if (error !== undefined) throw error
  return performance.now() - begun
}

/** Asks the kernel to let go of what it holds of these files; nothing else of the machine is touched. */
const forget = (files: readonly string[]): void => {
  for (const file of files)
    spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'of=/dev/null'], { stdio: 'ignore' })
}

const measured = (program: Program, runs: number): Figures => {
  once(program)
  const warm = Array.from({ length: runs }, () => once(program))
  const cold = Array.from({ length: Math.ceil(runs / 3) }, () => {
    forget(program.files)
    return once(program)
  })
  return { warm, cold }
}

const which = (name: string): string | undefined =>
  spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' }).stdout.trim() || undefined

const peers = (): readonly Program[] => {
  const sub = which('mosquitto_sub')
  const systemctl = which('systemctl')
  // Without systemd `status` has nobody to ask, and says so at once.
  const argument = existsSync('/run/systemd/system') ? 'status' : '--version'
  return [
    ...(sub === undefined ? [] : [{ name: 'mosquitto_sub --help', argv: [sub, '--help'], files: [sub] }]),
    ...(systemctl === undefined
      ? []
      : [{ name: `systemctl ${argument}`, argv: [systemctl, argument], files: [systemctl] }]),
  ]
}

const ms = (value: number): string => `${value.toFixed(0)} ms`

const verdict = (values: readonly number[]): string => (median(values) < GOAL_MS ? 'met' : 'NOT met')

const rowOf = (name: string, { warm, cold }: Figures, base: readonly Figures[], judged: boolean) => [
  name,
  ms(median(warm)),
  ms(quantile(warm, 0)),
  ms(median(cold)),
  ...base.map((peer) => `${(median(warm) / median(peer.warm)).toFixed(0)}`),
  judged ? `${GOAL_MS} ms: ${verdict(warm)} warm, ${verdict(cold)} cold` : '',
]

const measure = async (quick: boolean): Promise<Section> => {
  using own = new OwnCheckout()
  await using bench = await Bench.running({ program: own.loa })
  const soon = inMs(600_000)
  const items = Array.from({ length: ITEMS }, (_, i) =>
    itemAt(`item-${i}`, soon + i * 1_200_000, {
      title: 'Bản tin buổi sáng của xã',
      parts: [{ sound: 'chime' }],
    }),
  )
  await bench.observer.schedule(7, items)
  await bench.observer.until('reported', 'the schedule held', ({ revs }) =>
    JSON.stringify(revs).includes('7'),
  )
  // The kernel does not let go of pages that are not on the disk yet: a copy that was just made would stay.
  spawnSync('sync', ['-f', own.folder])
  const [load = 0] = loadavg()
  const runs = quick ? 5 : 31
  const node = join(own.folder, 'node_modules/node/bin/node')
  const files = [node, own.loa, ...globSync(join(own.folder, 'dist/loa/*.js'))]
  const verbs = ['version', 'help', 'status', 'schedule', 'log --since 1h'].map((verb) => ({
    name: `loa ${verb}`,
    argv: [own.loa, '--config', bench.agent.paths.config, ...verb.split(' ')],
    files,
  }))
  const others = peers().map((peer) => ({ peer, figures: measured(peer, runs) }))
  const base = others.map(({ figures }) => figures)
  const bare = measured({ name: '', argv: [node, '-e', '0'], files: [node] }, runs)
  return {
    head: [
      'command',
      'warm, median',
      'warm, least',
      'cold, median',
      ...others.map(({ peer }) => `times ${peer.name.split(' ')[0] ?? ''}`),
      'goal',
    ],
    rows: [
      ...verbs.map((verb) => rowOf(verb.name, measured(verb, runs), base, true)),
      rowOf('Node alone, running nothing', bare, base, false),
      ...others.map(({ peer, figures }) => rowOf(peer.name, figures, base, false)),
    ],
    method:
      `From the start of the process to its end, output to nobody; ${runs} runs warm, ${Math.ceil(runs / 3)} cold, one after the other, an agent with ${ITEMS} items beside them, load average ${load.toFixed(1)} at the start. ` +
      'Cold: the kernel was asked before each run to forget the pages of Node, of the script and of what is built; libraries that other programs have mapped stay. ' +
      (existsSync('/run/systemd/system')
        ? ''
        : 'No systemd runs on this machine: systemctl could only say its version, which asks nobody. ') +
      'The peers are C programs: what is compared is what somebody at the device waits for.',
  }
}

export const cli: NamedBench = { title: 'Answers of the command', run: measure }
