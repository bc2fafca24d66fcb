import { framesOf, type Segment } from '../clip.ts'
import type { ReasonCode } from '../codes.ts'
import type { Alert, AlertEvent, AudioRef, BuiltInSound, Siren } from '../documents.ts'
import type { SoundFrames } from '../schedule/duration.ts'
import { layOut, type MediaVerdict } from '../schedule/lay-out.ts'

/** Water and wind wail, everything else is two-tone: two dangers side by side can be told apart by ear. */
const WAILING: ReadonlySet<AlertEvent> = new Set(['flood', 'storm', 'tsunami', 'landslide'])

const sirenSound = (event: AlertEvent): BuiltInSound => (WAILING.has(event) ? 'siren-wail' : 'siren-two-tone')

/** Of water and wind when they are most severe. */
const URGENT: Siren = { onSeconds: 30, offSeconds: 5, cycles: 5 }

/**
 * The pattern of an alert that brings no sound of its own, as the sirens of Huế use them: a warning that said nothing
 * would be none.
 */
const PRESETS: Readonly<Partial<Record<AlertEvent, Siren>>> = {
  storm: { onSeconds: 20, offSeconds: 10, cycles: 3 },
  flood: { onSeconds: 10, offSeconds: 10, cycles: 2 },
  tsunami: URGENT,
  test: { onSeconds: 5, offSeconds: 5, cycles: 1 },
}
const OTHER_EVENTS: Siren = { onSeconds: 10, offSeconds: 10, cycles: 2 }

const presetOf = ({ event, severity }: Pick<Alert, 'event' | 'severity'>): Siren =>
  severity === 'extreme' && (event === 'flood' || event === 'storm')
    ? URGENT
    : (PRESETS[event] ?? OTHER_EVENTS)

/** Between the last siren and the words. */
const BREATH_SECONDS = 1

const sirenSegments = (event: AlertEvent, siren: Siren): readonly Segment[] => {
  const on: Segment = {
    kind: 'sound',
    sound: sirenSound(event),
    frames: framesOf(siren.onSeconds),
    gainDb: 0,
  }
  const off: Segment = { kind: 'silence', frames: framesOf(siren.offSeconds) }
  return Array.from({ length: siren.cycles }, (_, cycle) => (cycle === 0 ? [on] : [off, on])).flat()
}

export type AlertSound = {
  readonly segments: readonly Segment[]
  /** A part will not sound, for this reason. */
  readonly fault?: ReasonCode
}

/**
 * One sounding: siren, then parts. It never waits for media: what is missing is left out, and when nothing would be left
 * the siren of the event sounds alone.
 */
export const alertSound = (
  alert: Pick<Alert, 'event' | 'severity' | 'siren' | 'parts'>,
  media: (audio: AudioRef) => MediaVerdict,
  soundFrames: SoundFrames,
): AlertSound => {
  const laid = layOut(
    { parts: alert.parts ?? [], repeat: { times: 1, gapSeconds: 0 }, maxSeconds: undefined },
    media,
    soundFrames,
  )
  const [fault] = laid.faults
  const faulty = fault === undefined ? {} : { fault: fault.code }
  const siren = alert.siren ?? (laid.segments.length === 0 ? presetOf(alert) : undefined)
  if (siren === undefined) return { segments: laid.segments, ...faulty }
  const breath: readonly Segment[] =
    laid.segments.length === 0 ? [] : [{ kind: 'silence', frames: framesOf(BREATH_SECONDS) }]
  return { segments: [...sirenSegments(alert.event, siren), ...breath, ...laid.segments], ...faulty }
}
