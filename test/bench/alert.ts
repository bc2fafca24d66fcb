import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildVirtualDac, type DacEvent, readDacLog } from '../rig/virtual-dac.ts'
import { AlarmReceivers } from './parts/alarm-receivers.ts'
import { writeProgramme, writeSiren } from './parts/alarm-sounds.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import { Postbox } from './parts/postbox.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { type Goal, skippedRow, TRIALS_HEAD, trialsRow } from './parts/statistics.ts'
import { sleepUntil, untilInstant, wallNow } from './parts/wall.ts'
import type { AlarmPeer } from './peers/alarm.ts'
import { ALARM_PEERS } from './peers/alarm-kinds.ts'
import { isInstalled } from './peers/child.ts'

const SIREN_SECONDS = 3
/** A siren counts as that of a trial when it begins so soon after its message. */
const WINDOW_MS = 350
const PEER_STEP_MS = 500
const POSTBOX_MS = 450
const FIRST_PEER_MS = 700
/** From the beginning of the programme to the first alert. */
const START_MS = 3000
/** By its shape the siren is loud so soon after its first frame: what is not was no siren. */
const LOUD_WITHIN_MS = 15
/** Moves each trial against the rhythms of all players. */
const jitterMs = (trial: number): number => (trial * 7) % 20

type Contest = {
  readonly programme: boolean
  readonly receivers: number
  readonly periodMs: number
  readonly goal: Goal
  readonly how: string
  readonly method: (facts: string) => string
}

type Sent = { readonly log: string; readonly at: number }
type Rival = { readonly name: string; readonly how: string; readonly log: string; readonly sent: Sent[] }

/** Milliseconds from each message to the first frame of its siren; those without one are left out. */
const delaysOf = (sent: readonly Sent[]): readonly number[] => {
  const logs = new Map<string, readonly DacEvent[]>()
  for (const { log } of sent) if (!logs.has(log)) logs.set(log, readDacLog(log))
  return sent.flatMap(({ log, at }) => {
    const after = (logs.get(log) ?? []).map(({ ev, t }) => ({ ev, delay: t * 1000 - at }))
    const on = after.find(({ ev, delay }) => ev === 'on' && delay > 0 && delay < WINDOW_MS)?.delay
    const isSiren = after.some(
      ({ ev, delay }) => ev === 'loud' && on !== undefined && delay >= on && delay - on < LOUD_WITHIN_MS,
    )
    if (on !== undefined && isSiren) return [on]
    process.stderr.write(
      `bench: not heard in ${log}: ${JSON.stringify(after.filter(({ delay }) => Math.abs(delay) < 3 * WINDOW_MS))}\n`,
    )
    return []
  })
}

type Surroundings = {
  readonly folder: string
  readonly port: number
  readonly alsa: string
  readonly programme: string | undefined
}

const openRivals = async (
  { folder, port, alsa, programme }: Surroundings,
  stack: AsyncDisposableStack,
): Promise<readonly (Rival & { readonly peer: AlarmPeer; readonly topic: string })[]> => {
  const siren = writeSiren(folder, SIREN_SECONDS)
  const rivals = []
  for (const kind of ALARM_PEERS.filter(({ programs }) => programs.every(isInstalled))) {
    const own = join(folder, kind.name.replaceAll(/\W/g, ''))
    mkdirSync(own)
    const log = join(own, 'vdac.jsonl')
    const topic = `bench/${kind.name.replaceAll(/\W/g, '')}`
    // biome-ignore lint/style/noProcessEnv: peers are given ours, and the sound card of the rig
    const env = { ...process.env, HOME: own, ALSA_CONFIG_PATH: alsa, VDAC_LOG: log }
    const peer = stack.use(await kind.open({ port, topic, siren, programme, folder: own, env }))
    peer.rearm()
    rivals.push({ name: kind.name, how: kind.how, log, sent: [] as Sent[], peer, topic })
  }
  return rivals
}

const contestIn = async (
  { programme: withProgramme, receivers: count, periodMs, goal, how, method }: Contest,
  trials: number,
  folder: string,
): Promise<Section> => {
  using own = new OwnCheckout()
  using dac = buildVirtualDac()
  await using stack = new AsyncDisposableStack()
  const receivers = stack.use(
    await AlarmReceivers.start({ program: own.loa, folder, count, settleMs: withProgramme ? 300 : 0 }),
  )
  const seconds = Math.ceil((START_MS + trials * periodMs) / 1000) + 60
  const programme = withProgramme ? writeProgramme(folder, seconds) : undefined
  const { port } = receivers.bench.broker
  const surroundings = { folder, port, alsa: dac.env.ALSA_CONFIG_PATH, programme: programme?.file }
  const rivals = await openRivals(surroundings, stack)
  const postbox = stack.use(await Postbox.open(port))
  if (programme !== undefined) await receivers.play(programme.bytes, seconds)
  const first = Date.now() + START_MS
  const { client } = receivers.bench.observer
  const ours: Sent[] = []
  let cold = 0
  for (let trial = 0; trial < trials; trial += 1) {
    const period = first + trial * periodMs + jitterMs(trial)
    const receiver = receivers.at(trial)
    const alarm = receiver.alarm(`t-${trial}`, SIREN_SECONDS)
    if (receiver.isCold) cold += 1
    await untilInstant(period)
    ours.push({ log: receiver.log, at: wallNow() })
    await alarm.publish(client)
    await sleepUntil(period + WINDOW_MS)
    await receiver.allClear().publish(client)
    await untilInstant(period + POSTBOX_MS)
    postbox.expect()
    await alarm.publish(client, postbox.topic)
    for (const [place, { peer, topic, log, sent }] of rivals.entries()) {
      const at = period + FIRST_PEER_MS + place * PEER_STEP_MS
      await untilInstant(at)
      sent.push({ log, at: wallNow() })
      await alarm.publish(client, topic)
      await sleepUntil(at + WINDOW_MS)
      peer.rearm()
    }
  }
  const facts = withProgramme
    ? `The agent's record of its programme says ${await receivers.cutsOfProgramme()} cuts.`
    : `The sound device of the agent was found closed before ${cold} of ${trials} alerts.`
  const missing = ALARM_PEERS.filter(({ programs }) => !programs.every(isInstalled))
  return {
    head: TRIALS_HEAD,
    rows: [
      trialsRow('loa-agent', how, delaysOf(ours), trials, goal),
      ...rivals.map((rival) => trialsRow(rival.name, rival.how, delaysOf(rival.sent), trials)),
      trialsRow('no player', PLAIN, postbox.delays, trials),
      ...missing.map(({ name, debianPackages }) => skippedRow(name, debianPackages)),
    ],
    method: method(facts),
  }
}

const run = async (contest: Contest, trials: number): Promise<Section> => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-alarm-'))
  try {
    return await contestIn(contest, trials, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const PLAIN =
  'the same message, from the publish call to a subscriber in the process that publishes: broker and machine alone'

const ALIKE =
  'From just before the publish call (QoS 1, a mosquitto on this machine) to the first frame of the siren that leaves a virtual sound card of its own (an ideal card: opening and dropping cost nothing; real ones are slower). The peers get the same message on a topic each, take their turns in the same run, verify nothing and have no relay.'

const OVER_PROGRAMME: Contest = {
  programme: true,
  receivers: 1,
  periodMs: 2200,
  goal: { median: 5, p99: 15 },
  how: 'signature verified, programme cut with a fade, resumed where it stopped',
  method: (facts) =>
    `${ALIKE} Every player plays the same MP3, at a level below what the card calls sound, so that the siren's first frame is known; a trial counts as heard only if it is loud within ${LOUD_WITHIN_MS} ms. A new alert each ${OVER_PROGRAMME.periodMs / 1000} s, removed by the next revision. ${facts}`,
}

const FROM_IDLE: Contest = {
  programme: false,
  receivers: 5,
  periodMs: 6600,
  goal: { p99: 60 },
  how: 'signature verified, sound device opened, relay closed (settleMs 0)',
  method: (facts) =>
    `${ALIKE} Nothing plays before. ${FROM_IDLE.receivers} receivers take turns, because the agent keeps its device open for 30 s after a sound; the peers close theirs when they are stopped, or keep it paused as their tuning says. ${facts}`,
}

export const alert: NamedBench = {
  title: 'Alert over a programme',
  run: (quick) => run(OVER_PROGRAMME, quick ? 5 : 200),
}

export const alertIdle: NamedBench = {
  title: 'Alert from idle',
  run: (quick) => run(FROM_IDLE, quick ? 5 : 50),
}
