import { startLeadMs } from '../core/amplifier-lead.ts'
import type { Programme, Readiness } from '../core/arbiter/programme.ts'
import { framesOf } from '../core/clip.ts'
import type { AudioRef, BuiltInSound } from '../core/documents.ts'
import { areaEnd } from '../core/place.ts'
import { deviceScope, type EffectiveConfig, effectiveConfig } from '../core/policy/effective.ts'
import { capAt, effectiveVolume, gainDbOf } from '../core/policy/volume.ts'
import { estimatedSeconds, type SoundFrames } from '../core/schedule/duration.ts'
import { type DeviceScope, type Item, itemsOf, withFormer } from '../core/schedule/item.ts'
import type { MediaVerdict } from '../core/schedule/lay-out.ts'
import { SOUND_FRAMES } from '../core/sound/built-in.ts'
import { type SpeechPart, type SpokenAs, spokenParts } from '../core/speech/spoken-parts.ts'
import type { Utterance } from '../services/library-types.ts'
import { MasterVolume } from '../services/master-volume.ts'
import { readinessOf } from '../services/readiness.ts'
import { Utterances } from '../services/utterances.ts'
import type { Holdings } from './holdings.ts'

/** What a decoder and the orders on their way take on top of the relay when nothing sounds yet. */
const START_HEAD_MS = 500
/** An occurrence is armed this long before its relay has to close. */
const ARM_HEAD_MS = 4000

/** The rules that hold at this moment, made of agent.yaml, `desired`, the board and the media that are here. */
export function assembleRules({
  config,
  places,
  board,
  clock,
  crypto,
  intake,
  library,
  state,
  speech,
  streams,
  startWatch,
  zone,
}: Holdings) {
  const inForce = (): EffectiveConfig => effectiveConfig(config, intake.desired?.config)
  const scope = (): DeviceScope => deviceScope(config.device.id, inForce())
  const media = ({ sha256 }: AudioRef): MediaVerdict => library.stateOf(sha256)
  const master = new MasterVolume(state.facts, () => {
    const { desired, desiredFrom } = intake
    return desired && { ...desired, of: desiredFrom ?? places.present.province }
  })
  const outputs = { amplifiers: board.amplifiers.map(({ id }) => id), signs: board.signs.map(({ id }) => id) }
  const utterances = new Utterances({
    speech,
    installed: new Set(config.speech.piper?.voices.map(({ language }) => language.toLowerCase())),
    deviceLanguage: () => inForce().languages[0],
    sha256Hex: (text) => crypto.sha256Hex(text),
  })
  const spokenAs: SpokenAs = (speech, language) => library.spokenAs(utterances.of(speech, language))
  const soundFrames: SoundFrames = Object.assign((sound: BuiltInSound): number => SOUND_FRAMES[sound], {
    spoken: (speech: SpeechPart, language: string): number => {
      const { text } = utterances.of(speech, language)
      return framesOf(spokenAs(speech, language).seconds || estimatedSeconds(text))
    },
  })
  const relayMs = startLeadMs(board.amplifiers)
  return {
    inForce,
    master,
    masterVolume: () => master.percent,
    zone,
    outputs,
    soundFrames,
    /** What is said for a text, and the file that is spoken of it. */
    utter: (speech: SpeechPart, language: string | undefined): Utterance => utterances.of(speech, language),
    spokenAs,
    /** How documents see this device. */
    scope,
    media,
    quietHours: () => inForce().policy.quietHours,
    /** From order to first frame when nothing sounds. */
    leadMs: relayMs + START_HEAD_MS,
    armMs: relayMs + ARM_HEAD_MS,
    /** Alerts take neither cap nor master; tests of them are quiet like anything else. */
    volumeOf: ({ item, alert }: Programme): { readonly percent: number; readonly gainDb: number } => {
      const cap = capAt(inForce().policy.volume, zone, clock.wall())
      const percent =
        alert === undefined || alert.test ? effectiveVolume(item.volume, master.percent, cap) : item.volume
      return { percent, gainDb: gainDbOf(percent) }
    },
    readinessOf: (item: Item): Readiness =>
      readinessOf(
        { ...item, parts: spokenParts(item.parts, item.language, spokenAs) },
        {
          policy: inForce().policy,
          board: outputs,
          media,
          soundFrames,
          allows: (url) => streams.fetcher.allows(url),
        },
      ),
    /** Every item in force that is meant for this device. */
    items: (): readonly Item[] => {
      if (!startWatch.runs('schedule')) return []
      const device = scope()
      const { present, formerly } = places
      const all = intake.inForce('schedule').map((document) => ({
        items: itemsOf(document, device),
        until: areaEnd(document.area, present, formerly, zone),
      }))
      return withFormer(
        all.filter(({ until }) => until === undefined).flatMap(({ items }) => items),
        all.flatMap(({ items, until }) => (until === undefined ? [] : [{ items, until }])),
      )
    },
  }
}

export type Rules = ReturnType<typeof assembleRules>
