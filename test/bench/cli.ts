import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Bench, inMs, itemAt } from '../rig/bench.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { median, quantile } from './parts/statistics.ts'

const GOAL_MS = 150
/** After 15 s both processes of the agent let go of the pages of Node that only their start needed. */
const STARTED_MS = 20_000
const ITEMS = 40

/** `own`: files that nobody else has read; `shared`: those that the agent read when it started. */
type Program = {
  readonly name: string
  readonly argv: readonly string[]
  readonly own: readonly string[]
  readonly shared: readonly string[]
}
type Figures = {
  readonly warm: readonly number[]
  readonly first: readonly number[]
  readonly forgotten: readonly number[]
}

const once = ({ argv: [file = '', ...rest] }: Program): number => {
  const begun = performance.now()
  const { error } = spawnSync(file, rest, { stdio: 'ignore' })
  if (error !== undefined) throw error
  return performance.now() - begun
}

/** Asks the kernel to let go of what it holds of these files; nothing else of the machine is touched. */
const forget = (files: readonly string[]): void => {
  const script = 'for file; do dd if="$file" iflag=nocache count=0 of=/dev/null; done'
  spawnSync('sh', ['-c', script, 'sh', ...files], { stdio: 'ignore' })
}

const measured = (program: Program, runs: number): Figures => {
  const { own, shared } = program
  const after = (files: readonly string[]): number => {
    forget(files)
    return once(program)
  }
  const trials = Array.from({ length: Math.ceil(runs / 3) })
  once(program)
  return {
    warm: Array.from({ length: runs }, () => once(program)),
    first: trials.map(() => after(own)),
    forgotten: trials.map(() => after([...own, ...shared])),
  }
}

const which = (name: string): string | undefined =>
  spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' }).stdout.trim() || undefined

const peers = (): readonly Program[] => {
  const sub = which('mosquitto_sub')
  const systemctl = which('systemctl')
  // Without systemd `status` has nobody to ask, and says so at once.
  const argument = existsSync('/run/systemd/system') ? 'status' : '--version'
  return [
    ...(sub === undefined
      ? []
      : [{ name: 'mosquitto_sub --help', argv: [sub, '--help'], own: [sub], shared: [] }]),
    ...(systemctl === undefined
      ? []
      : [{ name: `systemctl ${argument}`, argv: [systemctl, argument], own: [systemctl], shared: [] }]),
  ]
}

const ms = (value: number): string => `${value.toFixed(0)} ms`

const verdict = (values: readonly number[]): string => (median(values) < GOAL_MS ? 'met' : 'NOT met')

const rowOf = (
  name: string,
  { warm, first, forgotten }: Figures,
  base: readonly Figures[],
  judged: boolean,
) => [
  name,
  ms(median(warm)),
  ms(quantile(warm, 0)),
  ms(median(first)),
  ms(median(forgotten)),
  ...base.map((peer) => `${(median(warm) / median(peer.warm)).toFixed(0)}`),
  judged ? `${GOAL_MS} ms: ${verdict(warm)}, ${verdict(first)}, ${verdict(forgotten)}` : '',
]

const measure = async (quick: boolean): Promise<Section> => {
  using own = new OwnCheckout()
  const node = join(own.folder, 'node_modules/node/bin/node')
  const command = [own.loa, ...globSync(join(own.folder, 'dist/loa/*'))]
  // As after a boot: nothing of a fresh copy is in memory when the agent starts. What is not on the disk yet is not let go.
  spawnSync('sync', ['-f', own.folder])
  forget([...command, node])
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
  await wait(STARTED_MS)
  const [load = 0] = loadavg()
  const runs = quick ? 5 : 31
  const verbs = ['version', 'help', 'status', 'schedule', 'log --since 1h'].map((verb) => ({
    name: `loa ${verb}`,
    argv: [own.loa, '--config', bench.agent.paths.config, ...verb.split(' ')],
    own: command,
    shared: [node],
  }))
  const others = peers().map((peer) => ({ peer, figures: measured(peer, runs) }))
  const base = others.map(({ figures }) => figures)
  const bare = measured({ name: '', argv: [node, '-e', '0'], own: [], shared: [node] }, runs)
  return {
    head: [
      'command',
      'warm, median',
      'warm, least',
      'first after a boot',
      'all forgotten',
      ...others.map(({ peer }) => `times ${peer.name.split(' ')[0] ?? ''}`),
      'goal',
    ],
    rows: [
      ...verbs.map((verb) => rowOf(verb.name, measured(verb, runs), base, true)),
      rowOf('Node alone, running nothing', bare, base, false),
      ...others.map(({ peer, figures }) => rowOf(peer.name, figures, base, false)),
    ],
    method:
      `From the start of the process to its end, output to nobody; ${runs} runs warm, ${Math.ceil(runs / 3)} of each other kind (medians), one after the other, an agent with ${ITEMS} items beside them, load average ${load.toFixed(1)} at the start. ` +
      'First after a boot: the agent was started from the disk, by which the kernel holds what it read of Node, and has forgotten the script and everything that is built for the command before each run. ' +
      'All forgotten: Node as well, as after months in which other programs needed the memory; what Node alone takes then depends on the disk. Libraries that other programs have mapped stay. ' +
      'The goal is said of warm, first after a boot, and all forgotten. ' +
      (existsSync('/run/systemd/system')
        ? ''
        : 'No systemd runs on this machine: systemctl could only say its version, which asks nobody. ') +
      'The peers are C programs: what is compared is what somebody at the device waits for.',
  }
}

export const cli: NamedBench = { title: 'Answers of the command', run: measure }
