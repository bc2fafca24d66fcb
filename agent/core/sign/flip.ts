import type { Steps } from './step.ts'

/** Less than this on one panelful and a reader cannot follow. */
const READABLE_MS = 800

/** Shares the page's time evenly among its panelfuls, so that every one is shown in every turn. */
export const flipSteps = (
  chunks: number,
  durationMs: number,
): { readonly steps: Steps; readonly hurried: boolean } => {
  if (chunks <= 1) return { steps: () => ({ index: 0, nextMs: Number.POSITIVE_INFINITY }), hurried: false }
  const eachMs = durationMs / chunks
  return {
    hurried: eachMs < READABLE_MS,
    steps: (elapsedMs) => {
      const index = Math.min(chunks - 1, Math.floor(elapsedMs / eachMs))
      const nextMs = index === chunks - 1 ? Number.POSITIVE_INFINITY : (index + 1) * eachMs - elapsedMs
      return { index, nextMs }
    },
  }
}
