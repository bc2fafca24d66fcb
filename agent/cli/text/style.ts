export type Tone = 'good' | 'warn' | 'bad' | 'strong' | 'dim'

const CODES: Readonly<Record<Tone, string>> = { good: '32', warn: '33', bad: '1;31', strong: '1', dim: '2' }

/** Colours a text that has its final width; on a terminal that takes colour. */
export type Paint = (tone: Tone | undefined, text: string) => string

export const createPaint = (colour: boolean): Paint =>
  colour
    ? (tone, text) => (tone === undefined ? text : `\u001b[${CODES[tone]}m${text}\u001b[0m`)
    : (_tone, text) => text
