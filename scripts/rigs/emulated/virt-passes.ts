import { eventually } from '../../../test/rig/eventually.ts'
import { MARK_NOW, msUntilOff, NOTE_OUTPUTS, SHOW_NOTES } from './board-trace.ts'
import { betweenMs, type Judge } from './judge.ts'
import { type Process, pidOf } from './processes.ts'
import { RELAY } from './virt-board.ts'
import { LIMIT_MS, type Mark, type VirtStation } from './virt-station.ts'

/** Answers how many ms of the board's time it took until the relay's line was low. */
export type Rows = { readonly [what in 'playout' | 'agent' | 'both']: (ms: number | undefined) => void }
type Pass = (station: VirtStation, judge: Judge, rows: Rows) => Promise<void>

const TEXT = 'HỌP'

const outcome = ({ result, reason }: { readonly result: string; readonly reason?: string }): string =>
  reason === undefined ? result : `${result} ${reason}`

/** Sound and relay since the mark: each once, in their order, and as far apart as they should be. */
const hears = async (station: VirtStation, judge: Judge, since: Mark): Promise<void> => {
  const { board } = station
  await station.relay(since, 2)
  judge.is('relay', board.relaySince(since.changes), ['on', 'off'])
  const sounds = board.ear.spans.slice(since.spans)
  judge.is('sounds', sounds.length, 1)
  const [on, off] = board.relayChanges(since.changes)
  await eventually('the ear is past it', () => board.ear.hasPassed(off?.at ?? 0) || undefined, LIMIT_MS)
  const [sound = { from: 0, to: 0 }] = sounds
  const { settleMs, holdMs } = betweenMs((at) => board.ear.frameAt(at), on, off, sound)
  judge.follows('relay on before the first frame', settleMs, RELAY.settleMs)
  judge.follows('relay off after the last frame', holdMs, RELAY.holdMs)
}

const boot: Pass = async ({ board }, judge) => {
  judge.begin('power on')
  await board.ready(1)
  judge.is('relay, from power on to ready', board.relaySince(0), [])
  await board.hand.run(NOTE_OUTPUTS)
}

const broadcast: Pass = async (station, judge) => {
  judge.begin('broadcast')
  const since = station.mark()
  const page = { text: TEXT, mode: 'still', color: 'amber', seconds: 5 }
  await station.plan('tin', { sign: { signs: ['gate'], pages: [page] } })
  const record = await station.record('tin')
  judge.is('record', outcome(record), 'completed')
  judge.is('read back', record.relay, true)
  await hears(station, judge, since)
  const stood = () => station.board.sign.whatStood(TEXT, since.pictures)
  await eventually('the sign is dark again', () => stood().at(-1) === 'dark' || undefined, LIMIT_MS)
  judge.is('sign', stood(), [TEXT, 'dark'])
}

/** Kills it while it sounds, and waits for the relay. */
const strike = async (
  station: VirtStation,
  item: string,
  killed: readonly Process[],
): Promise<number | undefined> => {
  const since = station.mark()
  await station.plan(item)
  await station.sound(since, 1)
  const { hand } = station.board
  await hand.run(`pids="${killed.map((each) => pidOf(each)).join(' ')}"; ${MARK_NOW}; kill -9 $pids`)
  await station.relay(since, 2)
  return msUntilOff((await hand.run(SHOW_NOTES)).output)
}

const killedPlayout: Pass = async (station, judge, rows) => {
  judge.begin('playout killed')
  const since = station.mark()
  rows.playout(await strike(station, 'playout-killed', ['playout']))
  judge.is('record', outcome(await station.record('playout-killed')), 'completed')
  await station.relay(since, 4)
  judge.is('relay', station.board.relaySince(since.changes), ['on', 'off', 'on', 'off'])
}

const killedAgent =
  (what: 'agent' | 'both'): Pass =>
  async (station, judge, rows) => {
    judge.begin(what === 'agent' ? 'agent killed' : 'both killed')
    const since = station.mark()
    const { starts } = station.board
    const item = `${what}-killed`
    rows[what](await strike(station, item, what === 'agent' ? ['agent'] : ['playout', 'agent']))
    await station.board.ready(starts + 1)
    judge.is('record', outcome(await station.record(item)), 'interrupted CRASHED')
    judge.is('relay, over the next start', station.board.relaySince(since.changes), ['on', 'off'])
  }

const stopped: Pass = async (station, judge) => {
  judge.begin('orderly stop')
  const since = station.mark()
  const { board } = station
  const { starts } = board
  const { code } = await board.hand.run(
    '/opt/loa/scripts/loa amp on main --seconds 60 --config /opt/loa/etc/agent.yaml',
  )
  judge.is('loa amp on', code, 0)
  await station.relay(since, 1)
  await board.hand.run(`kill ${pidOf('agent')}`)
  await board.ready(starts + 1)
  judge.is('relay, over the next start', board.relaySince(since.changes), ['on', 'off'])
}

const alarm: Pass = async (station, judge) => {
  judge.begin('alarm contact')
  const { board } = station
  const since = station.mark()
  for (let bounce = 0; bounce < 5; bounce += 1) {
    await board.put('alarm', true)
    await board.put('alarm', false)
  }
  await board.hand.run('busybox sleep 2')
  judge.is('relay, after five bounces', board.relaySince(since.changes), [])
  await board.put('alarm', true)
  await station.sound(since, 0.5)
  await board.put('alarm', false)
  const record = await station.record('alarm')
  judge.is('record', [record.document, outcome(record)], ['contact', 'completed'])
  await hears(station, judge, since)
  const stood = () => board.sign.whatStood('CHÁY', since.pictures)
  await eventually('the sign is dark again', () => stood().at(-1) === 'dark' || undefined, LIMIT_MS)
  judge.is('sign', stood(), ['CHÁY', 'dark'])
}

const stuckOpen: Pass = async (station, judge) => {
  judge.begin('read-back contact stays open')
  const stuck = station.mark()
  station.board.feedback = 'open'
  await station.plan('stuck-open')
  const record = await station.record('stuck-open')
  await station.relay(stuck, 2)
  judge.is('record', [outcome(record), record.relay], ['partial AMPLIFIER', false])
  station.board.feedback = 'follows'
  const since = station.mark()
  await station.plan('well-again')
  const well = await station.record('well-again')
  judge.is('record of the next', [outcome(well), well.relay], ['completed', true])
  await hears(station, judge, since)
  judge.is('events', await station.events('AMPLIFIER_STUCK', 2), ['alarm fault', 'info ok'])
}

const stuckClosed: Pass = async (station, judge) => {
  judge.begin('read-back contact stays closed')
  const { board } = station
  const since = station.mark()
  await station.plan('stuck-closed')
  await station.relay(since, 1)
  board.feedback = 'closed'
  await station.record('stuck-closed')
  await station.amplifier('stuck')
  board.feedback = 'follows'
  await board.put('feedback', false)
  await station.amplifier('off')
  judge.is('relay', board.relaySince(since.changes), ['on', 'off'])
  const events = await station.events('AMPLIFIER_STUCK', 4)
  judge.is('events', events.slice(2), ['alarm fault', 'info ok'])
}

const mains: Pass = async (station, judge) => {
  judge.begin('mains')
  const { board } = station
  for (const there of [false, true]) {
    for (let bounce = 0; bounce < 5; bounce += 1) {
      await board.put('mains', there)
      await board.put('mains', !there)
    }
    await board.put('mains', there)
    const code = there ? 'MAINS_BACK' : 'MAINS_LOST'
    judge.is(`events ${code}`, (await station.events(code, 1)).length, 1)
  }
}

/** The pilot is made to be heard: it moves through every band, and another time of it sounds unlike. */
const PILOTS = [{ sound: 'pilot' }, { sound: 'pilot' }]
const HEARD = 0.8

const microphone: Pass = async (station, judge) => {
  judge.begin('microphone')
  const { board } = station
  const { starts } = board
  await board.hand.run(`echo /opt/loa/etc/agent-looped.yaml >/run/config; kill ${pidOf('agent')}`)
  await board.ready(starts + 1)
  await station.plan('heard', { parts: PILOTS })
  const record = await station.record('heard')
  judge.is('record', outcome(record), 'completed')
  judge.atLeast('heard', record.heard, HEARD)
}

/** The least that shows the board as it is. */
export const SHORT: readonly Pass[] = [boot, broadcast, alarm, killedAgent('agent')]
export const PASSES: readonly Pass[] = [
  boot,
  broadcast,
  alarm,
  killedPlayout,
  killedAgent('agent'),
  killedAgent('both'),
  stopped,
  stuckOpen,
  stuckClosed,
  mains,
  microphone,
]
