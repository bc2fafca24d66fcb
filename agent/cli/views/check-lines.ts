import type { Told } from '../../core/doctor/told.ts'
import type { Call } from '../call.ts'
import { plain, wrap } from '../text/width.ts'

const LEVEL_TONE = { ok: 'good', warn: 'warn', FAIL: 'bad' } as const

/** One check: its level and what it saw, and below it what to do. */
export const checkLines = ({ paint, columns }: Call, { level, what, next }: Told): readonly string[] => {
  const [first = '', ...rest] = wrap(plain(what), columns - 6)
  return [
    `${paint(LEVEL_TONE[level], level.padEnd(4))}  ${first}`,
    ...rest.map((line) => `      ${line}`),
    ...(next === undefined ? [] : wrap(`-> ${plain(next)}`, columns - 6).map((line) => `      ${line}`)),
  ]
}
