import { LoaError } from '../../agent/core/error.ts'
import type { Speech } from '../../agent/ports/speech.ts'
import { synthesise, versionOf } from './synthesiser.ts'
import { withLengths } from './wav-header.ts'

export type EspeakOptions = {
  /** Absolute path, or a name found in /usr/bin or /bin. */
  readonly program?: string
  readonly maxBytes?: number
  readonly maxMs?: number
}

const NAME = 'espeak-ng'
/** Words a minute: 175 is its default; slower carries farther over horns and their echoes. */
const WORDS_PER_MINUTE = '150'
/** 12 minutes at its 22.05 kHz, twice what the longest text of a document takes. */
const MAX_BYTES = 32 * 1024 * 1024
/** It speaks hundreds of times faster than people; a Pi Zero 2 some tens of times. */
const MAX_MS = 60_000
/** It takes 10 MB. */
const MEMORY_MB = 128

/** Debian's espeak-ng, one child a text, and no markup (`-m`). */
class EspeakSpeech implements Speech {
  readonly #engine: string
  readonly #program: string
  readonly #limits: { readonly maxBytes: number; readonly maxMs: number }

  constructor({ program = NAME, maxBytes = MAX_BYTES, maxMs = MAX_MS }: EspeakOptions) {
    this.#program = program
    this.#limits = { maxBytes, maxMs }
    this.#engine = versionOf(NAME, program)
  }

  engineOf(): string {
    return this.#engine
  }

  async render(text: string, voice: string, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await synthesise(
      {
        ...this.#limits,
        name: NAME,
        program: this.#program,
        arguments: ['-b', '1', '-s', WORDS_PER_MINUTE, '-v', voice, '--stdin', '--stdout'],
        memoryMb: MEMORY_MB,
        remedy: 'install the package espeak-ng',
      },
      text,
      signal,
    )
    const wav = withLengths(bytes)
    if (wav === undefined) throw new LoaError('BAD_MEDIA', 'nothing in the text can be spoken')
    return wav
  }
}

/** Looks once which version there is; a missing espeak-ng is reported by `render`, so that it can be installed meanwhile. */
export const createEspeakSpeech = (options: EspeakOptions = {}): Speech => new EspeakSpeech(options)
