import { eventually } from '../../../test/rig/eventually.ts'
import type { Done } from './hand.ts'
import type { Judge } from './judge.ts'
import type { PackagedBoard } from './packaged-board.ts'

/** An emulated board that shares its machine with others unpacks and configures at a walk. */
const SLOW_MS = 900_000
const LIMIT_MS = 400_000
const UNIT = 'loa-agent.service'
const CONFIGURE =
  'cp /root/agent.yaml /root/board.yaml /etc/loa/; chgrp loa /etc/loa/*.yaml; chmod 0640 /etc/loa/*.yaml'
/** There is no broker, and nobody has told the board the time. */
const EXPECTED = new Set(['broker', 'clock'])

type Trial = {
  readonly board: PackagedBoard
  readonly judge: Judge
  /** Runs a line of shell on the board and shows how long that took. */
  readonly run: (command: string, deadlineMs?: number) => Promise<Done>
}
type Pass = (trial: Trial) => Promise<void>

type Doctor = {
  readonly counts: Readonly<Record<string, number>>
  readonly checks: readonly { readonly group: string; readonly check: string; readonly level: string }[]
}

const property = (name: string): string => `systemctl show -p ${name} --value ${UNIT}`

const powerOn: Pass = async ({ board, judge, run }) => {
  judge.begin('power on')
  console.log(`  a shell ${(board.onForMs / 1000).toFixed(0)} s after power on, of this machine's time`)
  judge.is('machine', (await run('uname -m')).output, 'aarch64')
  judge.is('process 1', (await run('cat /proc/1/comm')).output, 'systemd')
}

const install: Pass = async ({ board, judge, run }) => {
  judge.begin('install')
  const installed = await run('dpkg -i /root/loa-agent.deb', SLOW_MS)
  judge.is('dpkg -i, exit code', installed.code, 0)
  if (installed.code !== 0) console.log(installed.output)
  judge.is('enabled', (await run(`systemctl is-enabled ${UNIT}`)).output, 'enabled')
  await run(CONFIGURE)
  judge.is('loa config check', (await run('loa config check /etc/loa/agent.yaml')).code, 0)
  const checked = await run('loa board check /etc/loa/board.yaml')
  judge.is('loa board check', checked.code, 0)
  if (checked.code !== 0) console.log(checked.output)
  judge.is('relay, from power on to here', board.relay, [])
}

const service: Pass = async ({ judge, run }) => {
  judge.begin('service')
  // Type=notify: this returns when the agent has said READY.
  judge.is('systemctl start', (await run(`systemctl start ${UNIT}`, SLOW_MS)).code, 0)
  for (const [name, value] of [
    ['Type', 'notify'],
    ['ActiveState', 'active'],
    ['NRestarts', '0'],
  ] as const)
    judge.is(name, (await run(property(name))).output, value)
  judge.is('runs as', (await run(`ps -o user= -p $(${property('MainPID')})`)).output, 'loa')
}

const byHand: Pass = async ({ board, judge, run }) => {
  judge.begin('relay by hand')
  judge.is('loa amp on', (await run('loa amp on main --seconds 120')).code, 0)
  await board.relayChanged(1, LIMIT_MS)
  judge.is('relay, read outside', board.relay, ['on'])
  judge.is('loa amp off', (await run('loa amp off main')).code, 0)
  await board.relayChanged(2, LIMIT_MS)
  judge.is('relay, read outside', board.relay, ['on', 'off'])
}

const tone: Pass = async ({ board, judge, run }) => {
  judge.begin('tone')
  const played = await run('loa play --tone 440 --seconds 2 --volume 50')
  judge.is('loa play', played.code, 0)
  if (played.code !== 0) console.log(played.output)
  await board.relayChanged(4, LIMIT_MS)
  judge.is('relay, read outside', board.relay.slice(2), ['on', 'off'])
  judge.is('sounds', board.ear.spans.length, 1)
}

const doctor: Pass = async ({ judge, run }) => {
  judge.begin('doctor')
  const { checks, counts } = JSON.parse((await run('loa doctor --json')).output) as Doctor
  console.log(`  doctor: ${JSON.stringify(counts)}`)
  const failed = checks.filter(({ level, group }) => level === 'FAIL' && !EXPECTED.has(group))
  judge.is(
    'what fails beside broker and clock',
    failed.map(({ group, check }) => `${group} ${check}`),
    [],
  )
}

const killed: Pass = async ({ board, judge, run }) => {
  judge.begin('killed')
  await run('loa amp on main --seconds 120')
  await board.relayChanged(5, LIMIT_MS)
  await run(`kill -9 $(${property('MainPID')})`)
  await board.relayChanged(6, LIMIT_MS)
  const isUp = async (): Promise<true | undefined> =>
    (await run('loa status >/dev/null')).code === 0 || undefined
  await eventually('the agent answers again', isUp, LIMIT_MS)
  judge.is('relay, read outside', board.relay.slice(4), ['on', 'off'])
  judge.is('NRestarts', (await run(property('NRestarts'))).output, '1')
}

const stopped: Pass = async ({ board, judge, run }) => {
  judge.begin('stop')
  await run('loa amp on main --seconds 120')
  await board.relayChanged(7, LIMIT_MS)
  judge.is('systemctl stop', (await run(`systemctl stop ${UNIT}`)).code, 0)
  judge.is('relay, read outside', board.relay.slice(6), ['on', 'off'])
  judge.is('Result', (await run(property('Result'))).output, 'success')
  judge.is('processes', (await run('ps -u loa -o pid= | wc -l')).output, '0')
}

const PASSES: readonly Pass[] = [powerOn, install, service, byHand, tone, doctor, killed, stopped]

/** The package from the file on a Debian that systemd has started, as a technician installs it; then one look after the other. */
export const tryPackage = async (board: PackagedBoard, judge: Judge): Promise<void> => {
  const run = async (command: string, deadlineMs = LIMIT_MS): Promise<Done> => {
    const begun = performance.now()
    const done = await board.hand.run(command, deadlineMs)
    const seconds = (performance.now() - begun) / 1000
    if (seconds > 1) console.log(`    ${seconds.toFixed(0)} s: ${command}`)
    return done
  }
  for (const pass of PASSES) await pass({ board, judge, run })
}
