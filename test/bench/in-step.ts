import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'
import { epochMs } from '../../agent/core/time.ts'
import { clicks } from '../fakes/clicks.ts'
import { PlayoutBench, wavOf } from '../fakes/playout-bench.ts'
import { until } from '../fakes/until.ts'
import { buildVirtualDac, type VirtualDac } from '../rig/virtual-dac.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { skippedRow, TRIALS_HEAD, trialsRow } from './parts/statistics.ts'
import { isInstalled } from './peers/child.ts'
import { openSnapcast, SNAPCAST, WARM_UP_SECONDS } from './peers/snapcast.ts'

const GOAL = { largest: 0.25 }
/** Clicks of the two devices so near to each other are the same second. */
const SAME_MS = 400

type Heard = { readonly fast: readonly number[]; readonly slow: readonly number[] }

const heardBy = (dac: VirtualDac): Heard => {
  const on = dac.events('on')
  const of = (name: string): readonly number[] =>
    on.flatMap((event) => (event.dac === name ? [1000 * event.t] : []))
  return { fast: of('fast'), slow: of('slow') }
}

/** By time, not by number: a click that is missing shall be missing. */
const withoutWarmUp = ({ fast, slow }: Heard, seconds: number): Heard => {
  const from = (fast[0] ?? 0) + 1000 * WARM_UP_SECONDS - SAME_MS
  return { fast: fast.filter((ms) => ms >= from && ms < from + 1000 * seconds), slow }
}

/** How far each click of one device is from that of the other, in milliseconds. */
const offsetsOf = ({ fast, slow }: Heard): readonly number[] =>
  fast.flatMap((ms) => {
    const other = slow.find((each) => Math.abs(each - ms) < SAME_MS)
    return other === undefined ? [] : [ms - other]
  })

/** Two devices that play the same click a second on crystals off by +104 and -50 ppm, beside snapcast on such devices. */
const measure = async (seconds: number): Promise<Section> => {
  using dac = buildVirtualDac()
  using peerDac = buildVirtualDac()
  await using stack = new AsyncDisposableStack()
  const installed = SNAPCAST.programs.every(isInstalled)
  if (installed) stack.use(await openSnapcast(peerDac, clicks(WARM_UP_SECONDS + seconds + 5)))
  const open = (device: string): PlayoutBench =>
    stack.use(
      new PlayoutBench(
        { driver: 'alsa', device, rate: FRAMES_PER_SECOND, channels: 1, bufferMs: 500 },
        dac.env,
      ),
    )
  const benches = [open('fast'), open('slow')]
  await Promise.all(benches.map((bench) => bench.up()))
  const at = epochMs(Math.ceil(Date.now() / 1000) * 1000 + 4000)
  for (const bench of benches)
    bench.schedule('clicks', [bench.media(wavOf(clicks(seconds)), 'wav', seconds)], { at })
  await until(
    'both have played',
    () => benches.every((bench) => bench.of('ended', 'clicks').length > 0),
    1000 * seconds + 30_000,
  )
  const peerHeard = (): Heard => withoutWarmUp(heardBy(peerDac), seconds)
  if (installed)
    await until(
      'snapcast has played',
      () => peerHeard().fast.length >= seconds,
      (WARM_UP_SECONDS + 10) * 1000,
    ).catch(() => undefined)
  const heard = heardBy(dac)
  const fromWall = (times: readonly number[]): readonly number[] =>
    times.map((ms) => ms - at - 1000 * Math.round((ms - at) / 1000))
  const ended = benches.flatMap((bench) => bench.of('ended', 'clicks'))
  const corrections = ended.map((report) => report.corrections ?? 0).join(' and ')
  const underruns = ended.reduce((sum, report) => sum + report.underruns, 0)
  return {
    head: TRIALS_HEAD,
    rows: [
      trialsRow('loa-agent', 'fast from slow', offsetsOf(heard), seconds, GOAL),
      trialsRow('loa-agent', 'fast from the wall clock', fromWall(heard.fast), seconds),
      trialsRow('loa-agent', 'slow from the wall clock', fromWall(heard.slow), seconds),
      installed
        ? trialsRow(SNAPCAST.name, SNAPCAST.how, offsetsOf(peerHeard()), seconds)
        : skippedRow(SNAPCAST.name, SNAPCAST.debianPackages),
    ],
    method: `${seconds} s of a click a second on two virtual sound cards whose crystals are off by +104 and -50 ppm; every click counts, from the first on (of snapcast those after ${WARM_UP_SECONDS} s). Two playout processes, which know only the wall clock of this machine: real neighbours add the error of theirs. ${corrections} frames left out or put in, ${underruns} underruns.`,
  }
}

export const inStep: NamedBench = {
  title: 'Two devices in step',
  run: (quick) => measure(quick ? 15 : 300),
}
