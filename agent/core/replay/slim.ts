import type { Programme, Readiness } from '../arbiter/programme.ts'
import type { ArbiterState, Input, Sounding, Waiting } from '../arbiter/state.ts'
import { redactUrl } from '../bundle/redact.ts'
import type { Clip } from '../clip.ts'

/** What the arbiter does not look at is left out: dates, what is said, what signs show. */
const slimProgramme = (programme: Programme): Programme => ({
  ...programme,
  item: {
    ...programme.item,
    timing: { kind: 'at', at: programme.planned },
    parts: [],
    sign: undefined,
  },
})

const slimClip = (clip: Clip): Clip => ({
  ...clip,
  segments: clip.segments.map((segment) =>
    segment.kind === 'stream' ? { ...segment, urls: segment.urls.map(redactUrl) } : segment,
  ),
})

const slimReadiness = (readiness: Readiness): Readiness => {
  if (readiness.state === 'ready') return { ...readiness, clip: slimClip(readiness.clip) }
  if (readiness.state === 'excluded' || readiness.fallback === undefined) return readiness
  return { ...readiness, fallback: { ...readiness.fallback, clip: slimClip(readiness.fallback.clip) } }
}

const slimWaiting = (entry: Waiting): Waiting => ({
  ...entry,
  programme: slimProgramme(entry.programme),
  readiness: slimReadiness(entry.readiness),
})

const slimSounding = ({ grown, ...sounding }: Sounding): Sounding => ({
  ...sounding,
  programme: slimProgramme(sounding.programme),
  clip: slimClip(sounding.clip),
  ...(grown === undefined ? {} : { grown: { ...grown, clip: slimClip(grown.clip) } }),
})

/** An input with all that decides, and no more: it goes into bundles. */
export const slimInput = (input: Input): Input => {
  switch (input.kind) {
    case 'arm':
      return {
        ...input,
        programme: slimProgramme(input.programme),
        readiness: slimReadiness(input.readiness),
      }
    case 'revise':
      return {
        ...input,
        programme: slimProgramme(input.programme),
        ...(input.readiness === undefined ? {} : { readiness: slimReadiness(input.readiness) }),
      }
    case 'readiness':
      return { ...input, readiness: slimReadiness(input.readiness) }
    default:
      return input
  }
}

/** A state as `slimInput` would have led to it. */
export const slimState = (state: ArbiterState): ArbiterState => ({
  ...state,
  waiting: state.waiting.map(slimWaiting),
  ...(state.sounding === undefined ? {} : { sounding: slimSounding(state.sounding) }),
})
