import { randomUUID } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a virtual microphone hears of the virtual DAC in the same process. @see vmic.c */
export type Acoustics = {
  /** How much later it hears what the DAC plays. */
  readonly delay?: number
  /** Of what the DAC plays; 1 when absent. */
  readonly gain?: number
  /** Of what stands in `file`: signed 16 bit, one channel, 48 kHz, over and over. */
  readonly other?: number
  readonly file?: string
  /** Parts of full scale. */
  readonly dc?: number
  readonly clip?: number
  /** It was pulled out. */
  readonly gone?: 1
  /** It gives nothing any more. */
  readonly frozen?: 1
}

/** The capture devices `mic0` (48 kHz), `mic44` (44.1 kHz, two channels, +80 ppm) and `mic16` (16 kHz) of the rig. */
export class VirtualMicrophone {
  readonly #control: string

  constructor(folder: string) {
    this.#control = join(folder, `microphone-${randomUUID()}`)
    this.hear({})
  }

  /** What a process needs in its environment before it loads libasound, beside that of the DAC. */
  get env(): { readonly VMIC_CONTROL: string } {
    return { VMIC_CONTROL: this.#control }
  }

  hear(acoustics: Acoustics): void {
    const words = Object.entries(acoustics).map(([key, value]) => `${key}=${value}`)
    // In one step: it may be read at any moment.
    writeFileSync(`${this.#control}.new`, `${words.join(' ')}\n`)
    renameSync(`${this.#control}.new`, this.#control)
  }
}
