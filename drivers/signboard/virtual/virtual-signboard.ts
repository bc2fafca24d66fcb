import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { messageOf } from '../../../agent/core/error.ts'
import { pictureOf } from '../../../agent/core/sign/dots.ts'
import type { SignProof } from '../../../agent/core/sign/proof.ts'
import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import { type EpochMs, isoUtc } from '../../../agent/core/time.ts'
import type { Frame, Signboard, SignHealth } from '../../../agent/ports/signboard.ts'
import { pngOf } from '../../png/png.ts'

export type VirtualSignConfig = Extract<SignConfig, { readonly driver: 'virtual' }>

/** As fast as the page engine ever scrolls. */
const FRAMES_PER_SECOND = 30
const PICTURES_KEPT = 100
const NUMBER_DIGITS = 6
const WORKS: SignHealth = { ok: true, message: 'virtual' }

/**
 * A sign without hardware: each change of page appends a line to the trace file, with a PNG of the panel at the page's beginning.
 * The PNGs are numbered in a folder named after the sign beside the trace; the last hundred are kept.
 */
export class VirtualSignboard implements Signboard {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly framesPerSecond = FRAMES_PER_SECOND
  readonly takes = 'raster'
  readonly #config: VirtualSignConfig
  readonly #wall: () => EpochMs
  #health = WORKS
  #text = ''
  #number: number
  #writing: Promise<void> = Promise.resolve()

  /** `lastNumber`: the highest number among the PNGs that are there already. */
  constructor(config: VirtualSignConfig, wall: () => EpochMs, lastNumber: number) {
    this.id = config.id
    this.width = config.width
    this.height = config.height
    this.#config = config
    this.#wall = wall
    this.#number = lastNumber
  }

  get health(): SignHealth {
    return this.#health
  }

  get proof(): SignProof {
    return 'sent'
  }

  show(frame: Frame, text: string): void {
    const { trace } = this.#config
    if (text === this.#text || trace === undefined) return
    this.#text = text
    this.#number += 1
    const [at, number] = [isoUtc(this.#wall()), this.#number]
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#record(trace, number, frame, { at, text })
        this.#health = WORKS
      } catch (error) {
        this.#health = { ok: false, message: messageOf(error) }
      }
    })
  }

  /** The pictures of pages are kept readable. */
  dim(): void {
    // A picture has no brightness of its own.
  }

  /** Resolves when everything shown is in the trace. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing
  }

  /** The picture is there before the line that names it. */
  async #record(
    trace: string,
    number: number,
    frame: Frame,
    page: { readonly at: string; readonly text: string },
  ): Promise<void> {
    const png = pngPath(trace, this.id, number)
    await writeFile(png, pngOf(pictureOf(frame, this.#config.color)))
    const { at, text } = page
    await appendFile(trace, `${JSON.stringify({ at, id: this.id, png, text })}\n`)
    await rm(pngPath(trace, this.id, number - PICTURES_KEPT), { force: true })
  }
}

const folderOf = (trace: string, id: string): string => join(dirname(resolve(trace)), `${id}-pages`)

const pngPath = (trace: string, id: string, number: number): string =>
  join(folderOf(trace, id), `${String(number).padStart(NUMBER_DIGITS, '0')}.png`)

/** Makes the folder of the PNGs and goes on with their numbers; a folder that cannot be made shows in the health. */
export const openVirtualSignboard = async (
  config: VirtualSignConfig,
  wall: () => EpochMs,
): Promise<VirtualSignboard> =>
  new VirtualSignboard(
    config,
    wall,
    config.trace === undefined ? 0 : await lastNumber(config.trace, config.id),
  )

const lastNumber = async (trace: string, id: string): Promise<number> => {
  const folder = folderOf(trace, id)
  const names = await mkdir(folder, { recursive: true }).then(
    () => readdir(folder),
    // The first page says what is wrong with the folder.
    () => [],
  )
  return Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter(Number.isFinite))
}
