import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { getPriority, loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { createSystemClock } from '../../agent/adapters/system/clock.ts'
import type { SignContent } from '../../agent/core/documents.ts'
import { facesFor } from '../../agent/core/sign/fonts/faces.ts'
import { widthOf } from '../../agent/core/sign/line.ts'
import type { Signboard } from '../../agent/ports/signboard.ts'
import { SignControl } from '../../agent/services/sign-control.ts'
import { openAdalightSignboard } from '../../drivers/signboard/adalight/adalight-signboard.ts'
import { encodeFrame } from '../../drivers/signboard/adalight/frame.ts'
import { silentLogger } from '../fakes/silent-logger.ts'
import { until } from '../fakes/until.ts'
import { millionFrames } from './parts/many-frames.ts'
import { PacedPanel, type WireFrame } from './parts/paced-panel.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { silenceFound } from './parts/silent-sign.ts'
import { median, quantile } from './parts/statistics.ts'

const PANEL = { id: 'gate', width: 64, height: 16 } as const
const BAUD = 921_600
const FRAME_BYTES = 6 + PANEL.width * PANEL.height * 3
const GOAL = { framesPerSecond: 30, jitterMs: 5 } as const
/** Longer than any gap between two frames of a moving text: then it stands. */
const STANDS_MS = 500
/** Of /proc/PID/stat, behind the name. */
const POLICY_FIELD = 38
const SCHED_FIFO = 1

const TEXT =
  'Thông báo của Ủy ban nhân dân xã: họp thôn lúc 19 giờ 30 tối nay tại nhà văn hóa, mời bà con đến dự đông đủ. '

/** A text that moves at exactly thirty pixels a second, standing for a second at its beginning. */
const scrollingPage = (repeats: number): SignContent => {
  const text = TEXT.repeat(repeats).trim()
  const seconds = 1 + (widthOf(facesFor(PANEL)[0], text) + PANEL.width) / 30
  return { pages: [{ text, mode: 'scroll', color: 'lime', seconds }] }
}

const controlOf = (signboard: Signboard): SignControl =>
  new SignControl({
    signboards: [signboard],
    clock: createSystemClock(),
    logger: silentLogger,
    onHealth: () => undefined,
    onPageFault: () => undefined,
    onFailure: (error) => {
      throw error
    },
  })

const openSign = (panel: PacedPanel): Promise<Signboard> =>
  openAdalightSignboard(
    { ...PANEL, driver: 'adalight', port: panel.port.path, baud: BAUD, color: 'rgb', layout: 'rows' },
    { openPort: panel.openPort },
  )

/** Gaps between the ends of frames that follow one another while the text moves. */
const gapsOf = (frames: readonly WireFrame[]): readonly number[] =>
  frames
    .slice(1)
    .map((frame, i) => frame.endAt - (frames[i]?.endAt ?? 0))
    .filter((gap) => gap < STANDS_MS)

const scroll = async (seconds: number): Promise<readonly string[][]> => {
  await using panel = await PacedPanel.plugged(BAUD, FRAME_BYTES)
  const sign = await openSign(panel)
  await using control = controlOf(sign)
  control.show('news', scrollingPage(3), 'programme')
  await wait(2000)
  panel.frames.length = 0
  const cpu = process.cpuUsage()
  await wait(seconds * 1000)
  const { user, system } = process.cpuUsage(cpu)
  const gaps = gapsOf([...panel.frames])
  const late = gaps.map((gap) => Math.abs(gap - panel.frameMs))
  const rate = 1000 / (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length)
  const jitter = quantile(late, 0.95)
  const isFast = rate >= 0.995 * Math.min(GOAL.framesPerSecond, 1000 / panel.frameMs)
  return [
    [
      'frames a second',
      `${gaps.length} frames`,
      rate.toFixed(2),
      '',
      `${GOAL.framesPerSecond} (the wire carries ${(1000 / panel.frameMs).toFixed(2)}): ${isFast ? 'met' : 'NOT met'}`,
    ],
    [
      'jitter',
      `${gaps.length} gaps`,
      `${median(late).toFixed(2)} ms`,
      `p95 ${jitter.toFixed(2)}, p99 ${quantile(late, 0.99).toFixed(2)}, largest ${quantile(late, 1).toFixed(2)} ms`,
      `p95 ${GOAL.jitterMs} ms: ${jitter < GOAL.jitterMs ? 'met' : 'NOT met'}`,
    ],
    [
      'CPU while it scrolls',
      `${seconds} s`,
      `${((user + system) / 10_000 / seconds).toFixed(1)} % of a core`,
      'sign control, driver and the reckoning',
      '',
    ],
  ]
}

const RED = [255, 0, 0] as const

/** Nothing but the alert is in it. */
const isAlert = ({ strip }: WireFrame): boolean => {
  let isLit = false
  for (let i = 0; i < strip.length; i += 3) {
    if (strip[i + 1] !== 0 || strip[i + 2] !== 0) return false
    isLit ||= strip[i] === RED[0]
  }
  return isLit
}

const alerts = async (trials: number): Promise<readonly string[][]> => {
  await using panel = await PacedPanel.plugged(BAUD, FRAME_BYTES)
  const sign = await openSign(panel)
  await using control = controlOf(sign)
  control.show('news', scrollingPage(20), 'programme')
  await wait(1500)
  const delays: number[] = []
  const wholes: number[] = []
  for (let i = 0; i < trials; i += 1) {
    // A page that was cut begins again, and stands for a second before it moves.
    await wait(1100 + Math.random() * 100)
    panel.frames.length = 0
    panel.pieces.length = 0
    const decidedAt = performance.now()
    control.show(`alert-${i}`, { pages: [{ text: 'LŨ', color: 'red', seconds: 5 }] }, 'alert', 'emergency')
    await until('the alert on the panel', () => panel.frames.some(isAlert))
    delays.push((panel.litAt(RED) ?? Number.NaN) - decidedAt)
    wholes.push((panel.frames.find(isAlert)?.endAt ?? Number.NaN) - decidedAt)
    control.clear(`alert-${i}`)
  }
  const [p99, most] = [quantile(delays, 0.99), quantile(delays, 1)]
  const verdict = `p99 one frame time, ${panel.frameMs.toFixed(1)} ms: ${p99 <= panel.frameMs ? 'met' : 'NOT met'}`
  return [
    [
      'alert to its first pixel on the wire',
      `${trials} alerts`,
      `${median(delays).toFixed(1)} ms`,
      `p99 ${p99.toFixed(1)}, largest ${most.toFixed(1)} ms`,
      verdict,
    ],
    [
      'alert to all of it on the panel',
      `${trials} alerts`,
      `${median(wholes).toFixed(1)} ms`,
      `p99 ${quantile(wholes, 0.99).toFixed(1)}, largest ${quantile(wholes, 1).toFixed(1)} ms`,
      '',
    ],
  ]
}

/** The same number of frames from a bare timer to a port of its own: what this machine makes of thirty frames a second. */
const bareTimer = async (seconds: number): Promise<readonly string[]> => {
  await using panel = await PacedPanel.plugged(BAUD, FRAME_BYTES)
  const port = await open(panel.port.path, 'w')
  const frame = encodeFrame(new Uint8Array(PANEL.width * PANEL.height * 3).fill(9))
  const begun = performance.now()
  for (let i = 1; i * panel.frameMs < seconds * 1000; i += 1) {
    await port.write(frame)
    panel.took(frame)
    const left = begun + i * panel.frameMs - performance.now()
    if (left > 0) await wait(left)
  }
  await until('the last frame', () => panel.frames.length > 1)
  const late = gapsOf([...panel.frames]).map((gap) => Math.abs(gap - panel.frameMs))
  await port.close()
  return [
    'jitter of a bare timer',
    `${late.length} gaps`,
    `${median(late).toFixed(2)} ms`,
    `p95 ${quantile(late, 0.95).toFixed(2)}, p99 ${quantile(late, 0.99).toFixed(2)}, largest ${quantile(late, 1).toFixed(2)} ms`,
    '',
  ]
}

/** How the kernel runs this process: a shared machine makes timers late, which is none of the sign's doing. */
const circumstances = (): string => {
  const [, fields = ''] = readFileSync('/proc/self/stat', 'utf8').split(') ')
  const policy = Number(fields.split(' ')[POLICY_FIELD])
  const how = policy === SCHED_FIFO ? 'real-time (SCHED_FIFO)' : `nice ${getPriority()}`
  return `This process until the million frames: ${how}; load of the machine then: ${loadavg()[0]?.toFixed(1)}.`
}

const measure = async (quick: boolean): Promise<Section> => {
  const timed = [
    ...(await scroll(quick ? 5 : 60)),
    await bareTimer(quick ? 5 : 60),
    ...(await alerts(quick ? 10 : 200)),
    await silenceFound(quick ? 1 : 5),
  ]
  const how = circumstances()
  return {
    head: ['what', 'of', 'median', 'further', 'goal'],
    rows: [...timed, ...(await millionFrames(quick ? 20_000 : 1_000_000))],
    method: `Sign control, line and Adalight driver with the times that ship, on a pty; a wire of ${BAUD} bit/s is reckoned from when the kernel took the bytes, for a pty carries them at once. A panel of 64x16 with a text that moves a pixel every thirtieth of a second; gaps while it stands are left out. Alerts come at random moments of the scrolling, from the call of sign control to the moment the wire begins to carry the first lit pixel of the alert, which is in what is left of the frame under way, and to the end of the first frame that is all of it. A silent sign: TPM2 whose receiver stops answering pings. The million frames go to a real port as fast as the pty takes them, 16x8 pixels each, every one another; the heap after a full collection. ${how}`,
  }
}

export const signs: NamedBench = { title: 'Signs', run: measure }
