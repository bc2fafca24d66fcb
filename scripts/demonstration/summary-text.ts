import { relative } from 'node:path'
import type { Summary } from './evidence.ts'
import { exactTime } from './wall.ts'

const time = (iso: string | undefined): string => (iso === undefined ? 'never' : exactTime(new Date(iso)))

const after = (later: string | undefined, earlier: string | undefined): string =>
  later === undefined || earlier === undefined
    ? ''
    : ` (${((Date.parse(later) - Date.parse(earlier)) / 1000).toFixed(1)} s`

/** As a person types it from here. */
const near = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}

const soundLines = ({ sound, started }: Summary): readonly (readonly [string, string])[] => {
  if (sound.driver === 'alsa') return [['heard', 'on the ALSA device default (--sound wav writes a file)']]
  const off = after(sound.heardFrom, started)
  return [
    [
      'heard',
      sound.heardFrom === undefined
        ? 'nothing'
        : `${time(sound.heardFrom)} to ${time(sound.heardUntil)}${off === '' ? '' : ', measured on the WAV file'}`,
    ],
    ['sound', near(sound.wav ?? '')],
  ]
}

const recordText = ({ record }: Summary): string =>
  record.n === undefined
    ? 'none'
    : `number ${record.n}, hash chain ${record.chain}, ${record.acknowledged ? 'acknowledged' : 'NOT acknowledged'}`

/** The summary for a person. */
export const summaryLines = (summary: Summary): readonly string[] => {
  const { planned, started, startErrorMs, playedSeconds, underruns, result, relay, sign, pngs } = summary
  const lead = after(started, relay.on)
  const closed = lead === '' ? '' : `${lead} before the sound)`
  const opened = relay.off === undefined ? '' : ` off ${time(relay.off)}`
  const rows: readonly (readonly [string, string])[] = [
    ['planned', time(planned)],
    ['started', `${time(started)}${startErrorMs === undefined ? '' : `, error ${startErrorMs} ms`}`],
    ['played', `${playedSeconds ?? 0} s, ${result ?? 'no result'}, ${underruns ?? 0} underruns`],
    ['relay', `on ${time(relay.on)}${closed},${opened === '' ? ' never off' : opened}`],
    ['sign', sign.text === undefined ? 'showed nothing' : `"${sign.text}" from ${time(sign.shown)}`],
    ['record', recordText(summary)],
    ...soundLines(summary),
    ...pngs.map((png, index) => [index === 0 ? 'pages' : '', near(png)] as const),
    ['log', near(`${summary.folder}/agent.log`)],
  ]
  return [
    ...rows.map(([name, text]) => `${name.padEnd(9)} ${text}`),
    '',
    ...(summary.ok
      ? ['All of it happened: topic, cache, relay, sound, sign, record, acknowledgement.']
      : ['NOT all of it happened:', ...summary.missing.map((each) => `  - ${each}`)]),
  ]
}
