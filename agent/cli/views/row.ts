import type { Tone } from '../text/style.ts'

/** A line of a report: what it is about, and what there is to say. */
export type Row = { readonly label: string; readonly text: string; readonly tone?: Tone }

export const withTone = (row: Row, tone: Tone | undefined): Row =>
  tone === undefined ? row : { ...row, tone }
