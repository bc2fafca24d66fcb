import { eventually } from '../../../test/rig/eventually.ts'
import type { Judge } from './judge.ts'
import { DRIVERS, type PiBoard, type PiDriver } from './pi-board.ts'
import { type Process, pidOf } from './processes.ts'

const LOA = '/opt/loa/scripts/loa'
const CONFIG = '--config /opt/loa/etc/agent.yaml'
const MOST_MS = 300_000

const started = async (board: PiBoard, judge: Judge, driver: PiDriver): Promise<void> => {
  const first = board.changes.length
  const { starts } = board
  if (driver === 'rpio') {
    await board.hand.run(`echo /opt/loa/etc/agent-rpio.yaml >/run/config; kill ${pidOf('agent')}`)
    await board.ready(starts + 1)
  } else await board.ready(1)
  judge.is('relay, until ready', board.relaySince(first), [])
}

const played = async (board: PiBoard, judge: Judge): Promise<void> => {
  const first = board.changes.length
  const { code, output } = await board.hand.run(`${LOA} play --tone 660 --seconds 1 ${CONFIG}`, MOST_MS)
  judge.is('loa play', code === 0 ? code : output, 0)
  await board.relay(first, 2)
  judge.is('relay', board.relaySince(first), ['on', 'off'])
}

const killed = async (board: PiBoard, judge: Judge, program: Process): Promise<void> => {
  const first = board.changes.length
  const { starts } = board
  await board.hand.run(`${LOA} amp on main --seconds 600 ${CONFIG}`, MOST_MS)
  await board.relay(first, 1)
  judge.is('the pin, amplifier on', await board.isHigh(), true)
  await board.hand.run(`kill -9 ${pidOf(program)}`)
  await board.relay(first, 2)
  // The kernel lets go of the line of a process that is gone, which makes it an input, before it is driven low.
  await eventually(`the pin is low, ${program} killed`, async () => !(await board.isHigh()), MOST_MS)
  if (program === 'agent') await board.ready(starts + 1)
  judge.is('relay', board.relaySince(first), ['on', 'off'])
}

/** Plays, and kills both programs, with each driver of the relay. */
export const tryDrivers = async (board: PiBoard, judge: Judge): Promise<void> => {
  for (const driver of Object.keys(DRIVERS) as PiDriver[]) {
    judge.begin(driver)
    await started(board, judge, driver)
    await played(board, judge)
    await killed(board, judge, 'playout')
    await killed(board, judge, 'agent')
  }
}
