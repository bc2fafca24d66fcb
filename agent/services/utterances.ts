import { prepareSpeech } from '../core/speech/prepare.ts'
import type { SpeechPart } from '../core/speech/spoken-parts.ts'
import { voiceFor } from '../core/speech/voice.ts'
import type { Utterance } from './library-types.ts'

export type UtterancesOptions = {
  /** Who speaks, with version. */
  readonly engine: string
  /** The device's first language. */
  readonly deviceLanguage: () => string
  readonly sha256Hex: (text: string) => string
}

/** What is said for the texts of documents, and how. */
export class Utterances {
  readonly #options: UtterancesOptions
  /** Texts of documents never change, and the plan asks for them every second. */
  readonly #known = new WeakMap<SpeechPart, Utterance>()

  constructor(options: UtterancesOptions) {
    this.#options = options
  }

  /** `language` holds when the text itself names none, that of the device when there is none either. */
  of(speech: SpeechPart, language: string | undefined): Utterance {
    const { engine, sha256Hex } = this.#options
    const deviceLanguage = this.#options.deviceLanguage()
    const voice = voiceFor(speech.language ?? language ?? deviceLanguage, deviceLanguage)
    const known = this.#known.get(speech)
    if (known?.voice === voice.name) return known
    const text = prepareSpeech(speech.text, voice.language)
    const key = sha256Hex(JSON.stringify([engine, voice.name, text]))
    const utterance = { key, text, voice: voice.name }
    this.#known.set(speech, utterance)
    return utterance
  }
}
