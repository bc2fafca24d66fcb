import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'
import { noise, wavOf } from '../fakes/playout-bench.ts'
import { Bench, inMs, itemAt } from '../rig/bench.ts'
import { positionErrors } from './parts/heard-positions.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { TRIALS_HEAD, trialsRow } from './parts/statistics.ts'
import { sleepUntil } from './parts/wall.ts'

const PERIOD_MS = 2400
const START_MS = 6000
const FRAMES_PER_MS = FRAMES_PER_SECOND / 1000
const GOAL = { largest: 1 }

const alertDocument = (rev: number) => ({
  kind: 'alert',
  v: 1,
  area: '75',
  rev,
  iat: new Date().toISOString(),
  alerts: [
    {
      id: `t-${rev}`,
      event: 'flood',
      severity: 'extreme',
      headline: { vi: 'LŨ KHẨN CẤP' },
      siren: { onSeconds: 1, offSeconds: 1, cycles: 1 },
      // What it sounds over is heard to its last frame.
      volume: 0,
      until: new Date(Date.now() + 3_600_000).toISOString(),
    },
  ],
})

const captured = (file: string): Int16Array => {
  const bytes = readFileSync(file)
  return new Int16Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 1)
}

/** How far from where it was cut a programme goes on after an alert, as the sound card heard it. */
const measure = async (trials: number, folder: string): Promise<Section> => {
  const seconds = Math.ceil((START_MS + trials * PERIOD_MS) / 1000)
  const source = noise(seconds)
  const capture = join(folder, 'heard.raw')
  using own = new OwnCheckout()
  await using bench = await Bench.running({ program: own.loa, env: { VDAC_CAPTURE: capture } })
  const { agent, observer } = bench
  const at = inMs(START_MS)
  const part = bench.serve(wavOf(source), seconds, { format: 'wav' })
  await observer.schedule(1, [itemAt('programme', at, { parts: [part], onPreempt: 'resume' })])
  for (let trial = 0; trial < trials; trial += 1) {
    await sleepUntil(at + 1000 + trial * PERIOD_MS + ((trial * 7) % 20))
    await observer.document('75', 'alert', alertDocument(trial + 1))
  }
  await sleepUntil(at + 1000 + trials * PERIOD_MS)
  await observer.schedule(2, [])
  const record = await observer.record('programme')
  await agent.stop()
  const errors = positionErrors(captured(capture), source).map((frames) => frames / FRAMES_PER_MS)
  const signed = errors.toSorted((a, b) => a - b)
  const range = `${signed[0]?.toFixed(3) ?? '-'} to ${signed.at(-1)?.toFixed(3) ?? '-'} ms`
  return {
    head: TRIALS_HEAD,
    rows: [
      trialsRow(
        'loa-agent',
        'cut by an alert of one second at volume 0, onPreempt resume',
        errors,
        trials,
        GOAL,
      ),
    ],
    method: `One programme of noise in which every place is known by its signs, cut by an alert each ${PERIOD_MS / 1000} s. From what left the virtual sound card: the place in the programme of the first frame heard after each alert, less the place that follows the last frame heard before it (above 0: left out, below: heard twice; ${range}). A cut after which the programme was not heard again is missing in "heard". The agent's record of the programme says ${String(record['cuts'] ?? 0)} cuts.`,
  }
}

export const resume: NamedBench = {
  title: 'Resume after an alert',
  run: async (quick) => {
    const folder = mkdtempSync(join(tmpdir(), 'loa-resume-'))
    try {
      return await measure(quick ? 5 : 50, folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
