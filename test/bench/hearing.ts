import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'
import { PlayoutBench, wavOf } from '../fakes/playout-bench.ts'
import { until } from '../fakes/until.ts'
import { babble, judged, through, whiteNoise } from '../rig/acoustics.ts'
import { spoken } from '../rig/speech.ts'
import { buildVirtualDac } from '../rig/virtual-dac.ts'
import { type Acoustics, VirtualMicrophone } from '../rig/virtual-microphone.ts'
import { NOTICE, WEATHER } from './parts/hearing-texts.ts'
import { scheduledMsOf } from './parts/processes.ts'
import type { NamedBench, Section } from './parts/section.ts'

const DELAYS = [0, 100, 200, 400, 800] as const
const LEVELS = [20, 10, 5, 0, -5, -10] as const
const GOAL = { heard: 0.8, unheard: 0.2 } as const

type Row = readonly string[]
type Scores = readonly (number | undefined)[]

const shown = (score: number | undefined): string => (score === undefined ? '-' : score.toFixed(2))
const reached = (scores: Scores): string =>
  `at least ${GOAL.heard}: ${scores.every((score) => (score ?? 0) >= GOAL.heard) ? 'met' : 'NOT met'}`
const kept = (scores: Scores): string =>
  `at most ${GOAL.unheard}: ${scores.every((score) => (score ?? 1) <= GOAL.unheard) ? 'met' : 'NOT met'}`

/** What playout makes of it, without a device and faster than it sounds. */
const offline = (quick: boolean): readonly Row[] => {
  const [notice, weather] = [spoken(NOTICE), spoken(WEATHER)]
  const delays = quick ? DELAYS.slice(0, 2) : DELAYS
  const noises = [
    ['white noise', whiteNoise(notice.length, 11)],
    ['noise shaped like speech', babble(weather, notice.length, 12)],
  ] as const
  const row = (
    name: string,
    goal: (scores: Scores) => string,
    score: (delayMs: number) => number | undefined,
  ): Row => {
    const scores = delays.map(score)
    return [name, ...scores.map(shown), ...DELAYS.slice(delays.length).map(() => ''), goal(scores)]
  }
  const beside = noises.flatMap(([name, noise]) =>
    (quick ? ([0] as const) : LEVELS).map((level) =>
      row(
        `${name}, ${level > 0 ? '+' : ''}${level} dB`,
        level === 0 ? reached : () => '',
        (delayMs) => judged(notice, through(notice, { delayMs, noise, signalToNoiseDb: level }))?.score,
      ),
    ),
  )
  const instead = (name: string, noise: Int16Array | undefined): Row =>
    row(
      name,
      kept,
      (delayMs) =>
        judged(notice, through(notice, { delayMs, gain: 0, ...(noise === undefined ? {} : { noise }) }))
          ?.score,
    )
  return [
    row('nothing else', reached, (delayMs) => judged(notice, through(notice, { delayMs }))?.score),
    ...beside,
    instead('silence', undefined),
    ...noises.map(([name, noise]) => instead(`${name} alone`, noise)),
    instead('another programme', weather),
  ]
}

/** What was told of a piece of so many seconds when it had ended. */
const ended = async (bench: PlayoutBench, id: string, seconds: number) => {
  await until('it has played', () => bench.of('ended', id).length > 0, 1000 * seconds + 20_000)
  return bench.report('ended', id)
}

/** Through the playout process, libasound, and a virtual microphone that hears the virtual sound card. */
const live = async (quick: boolean): Promise<readonly Row[]> => {
  using dac = buildVirtualDac()
  const microphone = new VirtualMicrophone(dac.folder)
  const seconds = quick ? 5 : 8
  const notice = spoken(NOTICE).subarray(0, seconds * FRAMES_PER_SECOND)
  const raw = (name: string, sound: Int16Array): string => {
    const file = join(dac.folder, name)
    writeFileSync(file, sound)
    return file
  }
  const noise = raw('noise', whiteNoise(notice.length, 13))
  const weather = raw('weather', spoken(WEATHER))
  await using bench = new PlayoutBench(
    { driver: 'alsa', device: 'dac0', rate: 48_000, channels: 1, bufferMs: 500, capture: { device: 'mic0' } },
    { ...dac.env, ...microphone.env },
  )
  await bench.up()
  const part = bench.media(wavOf(notice), 'wav', seconds)
  const play = async (acoustics: Acoustics): Promise<number | undefined> => {
    microphone.hear(acoustics)
    const id = `${JSON.stringify(acoustics)}`
    bench.schedule(id, [part])
    return (await ended(bench, id, seconds)).heard?.score
  }
  const rows: Row[] = []
  const row = async (
    name: string,
    goal: (scores: Scores) => string,
    of: (delayMs: number) => Acoustics,
  ): Promise<void> => {
    const scores = new Map<number, number | undefined>()
    for (const delay of quick ? [0] : [0, 800]) scores.set(delay, await play(of(delay)))
    rows.push([
      `live: ${name}`,
      ...DELAYS.map((delay) => (scores.has(delay) ? shown(scores.get(delay)) : '')),
      goal([...scores.values()]),
    ])
  }
  await row('nothing else', reached, (delay) => ({ delay }))
  await row('white noise, 0 dB', reached, (delay) => ({ delay, file: noise, other: 1 }))
  await row('silence', kept, (delay) => ({ delay, gain: 0 }))
  await row('another programme', kept, (delay) => ({ delay, gain: 0, file: weather, other: 1 }))
  return rows
}

/** The share of a core that playout takes while a tone plays that needs no decoder. */
const cpuPercent = async (capture: boolean, seconds: number): Promise<number> => {
  // Before playout is started: it takes a main thread that is silent for two seconds for dead.
  const wav = wavOf(whiteNoise(seconds * FRAMES_PER_SECOND, 14))
  using dac = buildVirtualDac()
  await using bench = new PlayoutBench(
    {
      ...{ driver: 'alsa', device: 'vdac0', rate: 48_000, channels: 1, bufferMs: 500 },
      ...(capture ? { capture: { device: 'mic0' } } : {}),
    },
    { ...dac.env, ...new VirtualMicrophone(dac.folder).env },
  )
  await bench.up()
  const sound = bench.media(wav, 'wav', seconds)
  const play = async (id: string): Promise<number> => {
    const [from, used] = [performance.now(), scheduledMsOf(bench.playout.pid ?? 0)]
    bench.schedule(id, [sound])
    await ended(bench, id, seconds)
    return (100 * (scheduledMsOf(bench.playout.pid ?? 0) - used)) / (performance.now() - from)
  }
  await play('while the compiler works')
  return await play('measured')
}

const cpu = async (quick: boolean): Promise<readonly Row[]> => {
  const seconds = quick ? 5 : 10
  const [without, with_] = [await cpuPercent(false, seconds), await cpuPercent(true, seconds)]
  const blank = DELAYS.slice(1).map(() => '')
  return [
    ['CPU of playout, of a core, without', `${without.toFixed(2)} %`, ...blank, ''],
    [
      'CPU of playout, of a core, with capture',
      `${with_.toFixed(2)} %`,
      ...blank,
      `${(with_ - without).toFixed(2)} % more`,
    ],
  ]
}

const measure = async (quick: boolean): Promise<Section> => ({
  head: ['beside what was sent', ...DELAYS.map((delay) => `${delay} ms`), 'goal'],
  rows: [...offline(quick), ...(await live(quick)), ...(await cpu(quick))],
  method:
    '`heard` of a record, 0 to 1, of a notice spoken by espeak-ng, by how much later the microphone hears it than it leaves the device, and by what else it hears: levels are those of the notice over the noise, root mean square of the whole. ' +
    'Offline: the parts of playout that judge, fed in turns of 60 ms, no device, no echo. Live: the playout process plays into the virtual sound card and reads a virtual capture device that hears that card, through libasound, in real time. A real room adds echo, a horn takes bands away; neither is in this table. ' +
    'CPU: all threads of playout (schedstat) while it plays a WAV at 48 kHz, its decoder not counted; the virtual devices run in the process and are counted.',
})

export const hearing: NamedBench = { title: 'Proof of hearing', run: measure }
