import { readFileSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { PiperConfig } from '../../agent/core/configuration.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { installedVoice } from '../../agent/core/speech/voice.ts'
import type { Speech } from '../../agent/ports/speech.ts'
import { synthesise, versionOf } from './synthesiser.ts'
import { wavOf } from './wav-header.ts'

export type PiperOptions = PiperConfig & { readonly maxBytes?: number; readonly maxMs?: number }

const NAME = 'piper'
/** 12 minutes at the 22.05 kHz of most voices. */
const MAX_BYTES = 32 * 1024 * 1024
/** A text that a slow board has not spoken by then is left to espeak-ng. */
const MAX_MS = 180_000
/** A voice of the largest size takes 110 MB as a file, and some times that once it is loaded. */
const MEMORY_MB = 768
/** By which its arithmetic knows the processor. */
const MACHINE = ['/proc/cpuinfo', '/proc/meminfo', '/sys/devices/system/cpu']
const RATES = { least: 8000, most: 48_000 } as const

/** Piper with the voices that are installed, one child a text, which it takes for text and nothing else. */
class PiperSpeech implements Speech {
  readonly #models: ReadonlyMap<string, string>
  readonly #binary: string
  readonly #version: string
  readonly #limits: { readonly maxBytes: number; readonly maxMs: number }

  constructor({ binary, voices, maxBytes = MAX_BYTES, maxMs = MAX_MS }: PiperOptions) {
    this.#binary = binary
    this.#models = new Map(voices.map(({ language, model }) => [installedVoice(language), model]))
    this.#limits = { maxBytes, maxMs }
    this.#version = versionOf(NAME, binary, loadedBy(binary))
  }

  /** With the model: another file of the same name speaks otherwise. */
  engineOf(voice: string): string {
    const model = this.#models.get(voice) ?? ''
    const { size, mtimeMs } = statSync(model, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 }
    return `${this.#version} ${basename(model)} ${size} ${Math.floor(mtimeMs)}`
  }

  async render(text: string, voice: string, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted()
    const model = this.#models.get(voice)
    if (model === undefined) throw new LoaError('DECODER', `piper has no voice ${voice}`)
    if (!/[\p{L}\p{N}]/u.test(text)) throw new LoaError('BAD_MEDIA', 'nothing in the text can be spoken')
    const rate = rateOf(model)
    const pcm = await synthesise(
      {
        ...this.#limits,
        name: NAME,
        program: this.#binary,
        arguments: ['--model', model, '--output_raw'],
        memoryMb: MEMORY_MB,
        reads: [...loadedBy(this.#binary), model, `${model}.json`],
        remedy: 'check speech.piper.binary',
      },
      `${text}\n`,
      signal,
    )
    if (pcm.length < 2) throw new LoaError('DECODER', 'piper gave no sound')
    return wavOf(pcm, rate)
  }
}

/** Its libraries lie beside it; those of a Python environment beside the folder `bin`. */
const loadedBy = (binary: string): readonly string[] => {
  const folder = dirname(binary)
  const home = basename(folder) === 'bin' ? dirname(folder) : folder
  return home === '/' || home === '/usr' ? MACHINE : [...MACHINE, home]
}

/** What the description beside a model says of its sound. */
const rateOf = (model: string): number => {
  let rate: unknown
  try {
    rate = JSON.parse(readFileSync(`${model}.json`, 'utf8'))?.audio?.sample_rate
  } catch (thrown) {
    throw new LoaError('DECODER', `the voice ${model} has no description beside it: ${messageOf(thrown)}`)
  }
  if (typeof rate === 'number' && Number.isInteger(rate) && rate >= RATES.least && rate <= RATES.most)
    return rate
  throw new LoaError('DECODER', `${model}.json names no sample rate`)
}

/** Looks once which version there is; what is wrong with binary or voices is said by `render`. */
export const createPiperSpeech = (options: PiperOptions): Speech => new PiperSpeech(options)
