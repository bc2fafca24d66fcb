import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'
import { wavOf } from '../fakes/playout-bench.ts'
import { Bench, inMs, itemAt } from '../rig/bench.ts'
import { buildVirtualDac, readDacLog } from '../rig/virtual-dac.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { skippedRow, TRIALS_HEAD, trialsRow } from './parts/statistics.ts'
import { sleepUntil, untilInstant } from './parts/wall.ts'
import { isInstalled } from './peers/child.ts'
import { PEERS } from './peers/kinds.ts'
import type { Peer, PeerKind } from './peers/peer.ts'

/** Longer than any buffer: the virtual card starts a shorter one never. */
const SOUND_SECONDS = 1
/** Peers are stopped before the end of theirs. */
const PEER_SOUND_SECONDS = 10
/** One period: the agent at its beginning, the peers one after another in what is left of it. */
const PERIOD_MS = 3000
const PEER_STEP_MS = 420
const FIRST_PEER_MS = 700
/** A sound counts as that of a trial when it begins this near to it. */
const WINDOW_MS = { before: 50, after: 170 }
const PREPARE_MS = 200
const GOAL = { median: 0.05, p99: 1 }
/** Between the end of a turn and the preparation of the next. */
const STOP_MS = 50

type Contest = {
  readonly kind: PeerKind
  readonly peer: Peer
  readonly log: string
  readonly offsetMs: number
}

/** A square wave that is loud from its first frame on. */
const burst = (seconds: number): Int16Array =>
  Int16Array.from({ length: seconds * FRAMES_PER_SECOND }, (_, frame) => (frame % 48 < 24 ? 16_000 : -16_000))

/** How late each sound began, in milliseconds; `instants` without a sound are left out. */
const errorsOf = (log: string, instants: readonly number[]): readonly number[] => {
  const heard = readDacLog(log, 'on').map(({ t }) => t * 1000)
  return instants.flatMap((at) => {
    const on = heard.find((ms) => ms > at - WINDOW_MS.before && ms < at + WINDOW_MS.after)
    return on === undefined ? [] : [on - at]
  })
}

const openPeers = async (
  folder: string,
  alsa: string,
  stack: AsyncDisposableStack,
): Promise<readonly Contest[]> => {
  const [wav, mp3] = [join(folder, 'burst.wav'), join(folder, 'burst.mp3')]
  writeFileSync(wav, wavOf(burst(PEER_SOUND_SECONDS)))
  execFileSync('ffmpeg', ['-v', 'error', '-i', wav, '-c:a', 'libmp3lame', '-b:a', '128k', mp3])
  const contests: Contest[] = []
  for (const kind of PEERS.filter(({ program }) => isInstalled(program))) {
    const own = join(folder, kind.name.replaceAll(/\W/g, ''))
    mkdirSync(own)
    const log = join(own, 'vdac.jsonl')
    // biome-ignore lint/style/noProcessEnv: peers are given ours, and the sound card of the rig
    const env = { ...process.env, HOME: own, ALSA_CONFIG_PATH: alsa, VDAC_LOG: log }
    const peer = stack.use(await kind.open({ wav, mp3, folder: own, env }))
    contests.push({ kind, peer, log, offsetMs: FIRST_PEER_MS + contests.length * PEER_STEP_MS })
  }
  return contests
}

/** Each peer once, one after another: the next is prepared when the last has fallen silent. */
const takeTurns = async (contests: readonly Contest[], period: number): Promise<void> => {
  for (const { peer, offsetMs } of contests) {
    const at = period + offsetMs
    await sleepUntil(at - PREPARE_MS)
    await peer.prepare()
    await untilInstant(at)
    peer.start()
    await sleepUntil(at + PEER_STEP_MS - PREPARE_MS - STOP_MS)
    peer.stop()
  }
}

/** From the schedule over MQTT to the first frame that leaves the sound card, beside other players in the same run. */
const measure = async (quick: boolean): Promise<Section> => {
  const trials = quick ? 5 : 200
  const folder = mkdtempSync(join(tmpdir(), 'loa-peers-'))
  try {
    using own = new OwnCheckout()
    using dac = buildVirtualDac()
    await using stack = new AsyncDisposableStack()
    const contests = await openPeers(folder, dac.env.ALSA_CONFIG_PATH, stack)
    const bench = stack.use(await Bench.running({ program: own.loa }))
    const first = inMs(8000)
    const instants = Array.from({ length: trials }, (_, trial) => first + trial * PERIOD_MS)
    const part = bench.serve(wavOf(burst(SOUND_SECONDS)), SOUND_SECONDS, { format: 'wav' })
    const items = instants.map((at, trial) => itemAt(`trial-${trial}`, at, { parts: [part] }))
    await bench.observer.schedule(1, items)
    for (const instant of instants) await takeTurns(contests, instant)
    const ours = errorsOf(bench.agent.paths.dacLog, instants)
    const peers = contests.map(({ kind, log, offsetMs }) =>
      trialsRow(
        kind.name,
        kind.how,
        errorsOf(
          log,
          instants.map((at) => at + offsetMs),
        ),
        trials,
      ),
    )
    const missing = PEERS.filter(({ program }) => !isInstalled(program)).map(({ name, debianPackage }) =>
      skippedRow(name, debianPackage),
    )
    return {
      head: TRIALS_HEAD,
      rows: [
        trialsRow(
          'loa-agent',
          'schedule over MQTT, file fetched over HTTP, relay and settle time before the sound',
          ours,
          trials,
          GOAL,
        ),
        ...peers,
        ...missing,
      ],
      method: `${trials} scheduled seconds, ${PERIOD_MS / 1000} s apart; the peers take their turns between them, fired by a timer that spins for its last milliseconds. Time from the planned instant to the first frame that leaves a virtual sound card of its own (an ideal card: opening and dropping cost nothing; real ones are slower). The sound is loud from its first frame: a WAV, for mpg123 an MP3 whose encoder delay its header lets it leave out.`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const startError: NamedBench = { title: 'Start error', run: measure }
