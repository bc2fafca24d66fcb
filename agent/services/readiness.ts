import type { Readiness } from '../core/arbiter/programme.ts'
import type { Clip } from '../core/clip.ts'
import type { AudioRef, Policy } from '../core/documents.ts'
import { type BoardOutputs, isExcluded, outputsOf } from '../core/policy/outputs.ts'
import type { SoundFrames } from '../core/schedule/duration.ts'
import { type Item, isSignOnly } from '../core/schedule/item.ts'
import { layOut, type MediaVerdict } from '../core/schedule/lay-out.ts'

export type ReadinessContext = {
  readonly policy: Policy
  readonly board: BoardOutputs
  readonly media: (audio: AudioRef) => MediaVerdict
  readonly soundFrames: SoundFrames
  /** Whether a stream may be fetched from that URL. */
  readonly allows?: (url: string) => boolean
}

const SILENT: Clip = { id: '', segments: [], amplifiers: [], gainDb: 0 }

/**
 * Whether an item with parts can sound now. Parts that never can are left out of the clip and named by `fault`;
 * a file that may still come makes it `awaiting`. A chime without its news is no broadcast: when every spoken or
 * recorded part is missing, nothing is played.
 */
export function readinessOf(item: Item, context: ReadinessContext): Readiness {
  const { policy, board, media, soundFrames, allows } = context
  if (isExcluded(item, policy, board)) return { state: 'excluded', result: 'skipped', reason: 'POLICY' }
  if (isSignOnly(item)) return { state: 'ready', clip: SILENT, limited: false }
  const { segments, faults, limited } = layOut(item, media, soundFrames, allows)
  const content = item.parts.filter((part) => !('sound' in part || 'pause' in part)).length
  const hollow = segments.length === 0 || (content > 0 && faults.length >= content)
  const clip: Clip = { id: '', segments, amplifiers: outputsOf(item, board).amplifiers, gainDb: 0 }
  if (faults.some((fault) => fault.code === 'NO_MEDIA'))
    return hollow ? { state: 'awaiting' } : { state: 'awaiting', fallback: { clip, limited } }
  const [first] = faults
  if (hollow) return { state: 'excluded', result: 'failed', reason: first?.code ?? 'NO_MEDIA' }
  return { state: 'ready', clip, limited, ...(first === undefined ? {} : { fault: first.code }) }
}
