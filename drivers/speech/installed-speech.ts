import type { PiperConfig } from '../../agent/core/configuration.ts'
import { LoaError } from '../../agent/core/error.ts'
import { isInstalledVoice } from '../../agent/core/speech/voice.ts'
import type { Speech } from '../../agent/ports/speech.ts'
import { createEspeakSpeech } from './espeak-speech.ts'
import { createPiperSpeech } from './piper-speech.ts'

export type SpeechOptions = {
  readonly piper?: PiperConfig
  /** Piper could not speak a text, which is now refused to it. */
  readonly onRefused: (data: { readonly voice: string; readonly why: string }) => void
}

/** Most texts kept in mind; one that is forgotten is tried again. */
const MOST_REFUSED = 200

/** Piper for its voices, espeak-ng for the others. */
export class InstalledSpeech implements Speech {
  readonly #espeak: Speech
  readonly #piper: Speech | undefined
  readonly #onRefused: SpeechOptions['onRefused']
  readonly #refused = new Set<string>()

  constructor({ piper, onRefused }: SpeechOptions, espeak: Speech = createEspeakSpeech()) {
    this.#espeak = espeak
    this.#piper = piper && createPiperSpeech(piper)
    this.#onRefused = onRefused
  }

  engineOf(voice: string): string {
    return this.#of(voice).engineOf(voice)
  }

  refuses(text: string, voice: string): boolean {
    return this.#refused.has(`${voice} ${text}`)
  }

  async render(text: string, voice: string, signal: AbortSignal): Promise<Uint8Array> {
    const speech = this.#of(voice)
    try {
      return await speech.render(text, voice, signal)
    } catch (thrown) {
      if (speech === this.#piper && thrown instanceof LoaError && thrown.code === 'DECODER')
        this.#refuse(text, voice, thrown.message)
      throw thrown
    }
  }

  #of(voice: string): Speech {
    return (isInstalledVoice(voice) ? this.#piper : undefined) ?? this.#espeak
  }

  #refuse(text: string, voice: string, why: string): void {
    this.#refused.add(`${voice} ${text}`)
    for (const oldest of this.#refused) {
      if (this.#refused.size <= MOST_REFUSED) break
      this.#refused.delete(oldest)
    }
    this.#onRefused({ voice, why })
  }
}
