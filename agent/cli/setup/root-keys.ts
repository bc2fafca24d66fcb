import type { SetupKey } from '../../core/setup/answers.ts'

const PAIR =
  /kid["']?\s*:\s*["']?([A-Za-z0-9][\w.-]{0,39})["']?\s*,?\s*["']?x["']?\s*:\s*["']?([A-Za-z0-9_-]{43})(?![\w-])/g
const LINE = /^\s*([A-Za-z0-9][\w.-]{0,39})[\s=:]+([A-Za-z0-9_-]{43})\s*$/gm

/** Public keys in what `province keys` prints, in a piece of agent.yaml or JSON, or in lines of kid and key. */
export const keysIn = (text: string): readonly SetupKey[] => {
  const pairs = [...text.matchAll(PAIR)]
  const found = pairs.length > 0 ? pairs : [...text.matchAll(LINE)]
  return found.map(([, kid = '', x = '']) => ({ kid, x }))
}
