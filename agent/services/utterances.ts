import { prepareSpeech } from '../core/speech/prepare.ts'
import type { SpeechPart } from '../core/speech/spoken-parts.ts'
import { type Voice, voiceFor } from '../core/speech/voice.ts'
import type { Speech } from '../ports/speech.ts'
import type { Utterance } from './library-types.ts'

export type UtterancesOptions = {
  readonly speech: Pick<Speech, 'engineOf' | 'refuses'>
  /** Lower-case languages that have a voice beside those of espeak-ng. */
  readonly installed: ReadonlySet<string>
  /** The device's first language. */
  readonly deviceLanguage: () => string
  readonly sha256Hex: (text: string) => string
}

/** What is said for the texts of documents, and how. */
export class Utterances {
  readonly #options: UtterancesOptions
  /** Texts of documents never change, and the plan asks for them every second. */
  readonly #known = new WeakMap<SpeechPart, Map<string, Utterance>>()

  constructor(options: UtterancesOptions) {
    this.#options = options
  }

  /** `language` holds when the text itself names none, that of the device when there is none either. */
  of(speech: SpeechPart, language: string | undefined): Utterance {
    const { installed, speech: speaker } = this.#options
    const deviceLanguage = this.#options.deviceLanguage()
    const tag = speech.language ?? language ?? deviceLanguage
    const preferred = this.#with(voiceFor(tag, deviceLanguage, installed), speech)
    if (speaker.refuses?.(preferred.text, preferred.voice) !== true) return preferred
    return this.#with(voiceFor(tag, deviceLanguage), speech)
  }

  #with({ name, language }: Voice, part: SpeechPart): Utterance {
    const { speech, sha256Hex } = this.#options
    const voices = this.#known.get(part) ?? new Map<string, Utterance>()
    this.#known.set(part, voices)
    const known = voices.get(name)
    if (known !== undefined) return known
    const text = prepareSpeech(part.text, language)
    const key = sha256Hex(JSON.stringify([speech.engineOf(name), name, text]))
    const utterance = { key, text, voice: name }
    voices.set(name, utterance)
    return utterance
  }
}
