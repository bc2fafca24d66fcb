import { BAND_HZ } from '../../core/hearing/bands.ts'
import type { Messages } from '../messages/messages.ts'
import { escapeHtml } from '../text/escape-html.ts'

export type Sweep = {
  readonly fromHz: number
  readonly toHz: number
  readonly seconds: number
  /** From 0 to 1, where something listened. */
  readonly heard?: number
}

const WIDTH = 520
const HEIGHT = 210
const PLOT = { left: 52, right: 508, top: 24, bottom: 176 } as const
const DECADE_HZ = [100, 200, 500, 1000, 2000, 5000, 10_000] as const

const rounded = (value: number): string => (Math.round(value * 10) / 10).toString()

const line = (x1: number, y1: number, x2: number, y2: number, style: string): string =>
  `<line x1="${rounded(x1)}" y1="${rounded(y1)}" x2="${rounded(x2)}" y2="${rounded(y2)}" ${style}/>`

const label = (x: number, y: number, anchor: 'start' | 'middle' | 'end', text: string): string =>
  `<text x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`

/** Frequency over time, as much of an octave in each second: a straight line where frequencies are spaced as ears hear them. */
export const sweepPicture = ({ fromHz, toHz, seconds, heard }: Sweep, { selftest }: Messages): string => {
  const { page, facts } = selftest
  const octaves = Math.log2(toHz / fromHz)
  const y = (hz: number): number =>
    PLOT.bottom - (Math.log2(hz / fromHz) / octaves) * (PLOT.bottom - PLOT.top)
  const x = (at: number): number => PLOT.left + (at / seconds) * (PLOT.right - PLOT.left)
  const inPlot = (hz: number): boolean => hz >= fromHz && hz <= toHz
  const frequencies = [...new Set([...DECADE_HZ.filter(inPlot), toHz])].flatMap((hz) => [
    line(PLOT.left, y(hz), PLOT.right, y(hz), 'stroke="#ddd"'),
    label(PLOT.left - 6, y(hz) + 4, 'end', String(hz)),
  ])
  const times = Array.from({ length: Math.floor(seconds) + 1 }, (_, at) => [
    line(x(at), PLOT.top, x(at), PLOT.bottom, 'stroke="#ddd"'),
    label(x(at), PLOT.bottom + 16, 'middle', String(at)),
  ]).flat()
  const bands =
    heard === undefined
      ? []
      : [
          ...BAND_HZ.filter(inPlot).map((hz) =>
            line(PLOT.left, y(hz), PLOT.right, y(hz), 'stroke="#06c" stroke-dasharray="4 4"'),
          ),
          label(PLOT.left, HEIGHT - 2, 'start', page.listened),
          label(PLOT.right, PLOT.top - 8, 'end', facts.heard(String(Math.round(100 * heard)))),
        ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-size="11" font-family="sans-serif">`,
    ...frequencies,
    ...times,
    ...bands,
    line(x(0), y(fromHz), x(seconds), y(toHz), 'stroke="#c00" stroke-width="2.5"'),
    label(PLOT.left - 6, PLOT.top - 12, 'end', 'Hz'),
    label(PLOT.right, HEIGHT - 2, 'end', page.second),
    '</svg>',
  ].join('')
}
