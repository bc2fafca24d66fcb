import type { AsRun, Programme } from '../core/arbiter/programme.ts'
import { type Clip, framesOf, type Segment } from '../core/clip.ts'
import type { ControlArgs, LocalFile } from '../core/control.ts'
import type { BuiltInSound } from '../core/documents.ts'
import { LoaError } from '../core/error.ts'
import type { Outcome } from '../core/record/playback.ts'
import { DEFAULT_VOLUME, type Item } from '../core/schedule/item.ts'
import { normalisationDb } from '../core/schedule/lay-out.ts'
import { SOUND_FRAMES } from '../core/sound/built-in.ts'
import type { PlayProgress } from '../core/status.ts'
import { isoUtc } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Cryptography } from '../ports/crypto.ts'
import type { MediaProbe } from '../ports/media-probe.ts'
import type { PlayService } from './play.ts'

export type LocalPlayOptions = {
  readonly play: PlayService
  readonly probe: MediaProbe
  readonly crypto: Cryptography
  readonly clock: Clock
  readonly amplifiers: readonly string[]
  readonly language: string
}

/** A file of a technician stays in memory while it plays: it is not content of the province and never enters the cache. */
const MAX_FILE_BYTES = 32 * 1024 * 1024
const MAX_SECONDS = 4 * 3600
const TONE_SECONDS = 3
const SWEEP_SECONDS = 10
const TONE_GAIN_DB = -12
const POLL_MS = 50

/** As it is asked over the control socket, or a built-in sound of which `seconds` are played. */
export type LocalPlayArgs = ControlArgs<'play'> & { readonly sound?: BuiltInSound }

/** How far the programme has come; filled in while it plays. */
type Progress = {
  sounding: boolean
  record: { readonly asRun: AsRun; readonly outcome: Outcome } | undefined
}

/** `loa play`: a programme that obeys no quiet hours, with a record like any other. */
export class LocalPlay {
  readonly #options: LocalPlayOptions
  /** By digest, with the number of programmes that play them. */
  readonly #files = new Map<string, { readonly bytes: Uint8Array; readonly uses: number }>()

  constructor(options: LocalPlayOptions) {
    this.#options = options
  }

  /** Bytes of a local file that plays; undefined for any other content. */
  read(sha256: string, offset: number, length: number): Uint8Array | undefined {
    return this.#files.get(sha256)?.bytes.subarray(offset, offset + length)
  }

  /** @throws TOO_LARGE, INVALID, BAD_MEDIA */
  async *run(
    args: LocalPlayArgs,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncIterable<PlayProgress> {
    const { play, crypto, clock } = this.#options
    const segment =
      args.file === undefined ? generatedOf(args) : await this.#load(args.file, args.seconds, body, signal)
    const id = `local-${crypto.randomHex(6)}`
    const programme = this.#programme(id, args)
    const clip: Clip = { id: '', segments: [segment], amplifiers: this.#options.amplifiers, gainDb: 0 }
    const progress: Progress = { sounding: false, record: undefined }
    using _observing = play.observe({
      began: ({ key }) => {
        if (key === programme.key) progress.sounding = true
      },
      recorded: ({ key }, asRun, outcome) => {
        if (key === programme.key) progress.record = { asRun, outcome }
      },
    })
    try {
      play.apply({
        kind: 'arm',
        at: clock.wall(),
        programme,
        readiness: { state: 'ready', clip, limited: false },
      })
      yield { state: 'accepted', item: id }
      yield* this.#follow(progress, id, signal)
    } finally {
      if (progress.record === undefined) play.apply({ kind: 'stop', at: clock.wall(), keys: [programme.key] })
      if (args.file !== undefined) this.#letGo(args.file.sha256)
    }
  }

  async *#follow(progress: Progress, item: string, signal: AbortSignal): AsyncIterable<PlayProgress> {
    const { clock, amplifiers } = this.#options
    let told = false
    while (progress.record === undefined) {
      if (progress.sounding && !told) {
        told = true
        yield { state: 'playing', item, startedAt: isoUtc(clock.wall()), amplifiers }
      }
      await clock.sleep(POLL_MS, signal)
    }
    const { asRun, outcome } = progress.record
    const playedSeconds = asRun.frames / framesOf(1)
    const { relay, heard } = asRun
    yield {
      state: 'ended',
      item,
      ...outcome,
      playedSeconds,
      ...(relay === undefined ? {} : { relay }),
      ...(heard === undefined ? {} : { heard: heard.score }),
    }
  }

  async #load(
    file: LocalFile,
    seconds: number | undefined,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<Segment> {
    if (file.bytes > MAX_FILE_BYTES)
      throw new LoaError(
        'TOO_LARGE',
        `${file.name} has ${file.bytes} bytes; at most ${MAX_FILE_BYTES} can be played from here`,
      )
    const bytes = new Uint8Array(file.bytes)
    let held = 0
    for await (const chunk of body) {
      held += chunk.length
      if (held > bytes.length) break
      bytes.set(chunk, held - chunk.length)
    }
    const { probe, crypto } = this.#options
    if (held !== file.bytes || crypto.sha256Hex(bytes) !== file.sha256)
      throw new LoaError('INVALID', `${file.name} arrived damaged`)
    const measured = await probe.measure(once(bytes), file.format, seconds ?? MAX_SECONDS, signal)
    this.#files.set(file.sha256, { bytes, uses: (this.#files.get(file.sha256)?.uses ?? 0) + 1 })
    return {
      kind: 'media',
      sha256: file.sha256,
      bytes: file.bytes,
      format: file.format,
      frames: framesOf(Math.min(measured.seconds, seconds ?? MAX_SECONDS)),
      gainDb: normalisationDb(measured),
    }
  }

  #letGo(sha256: string): void {
    const file = this.#files.get(sha256)
    if (file !== undefined && file.uses > 1) this.#files.set(sha256, { ...file, uses: file.uses - 1 })
    else this.#files.delete(sha256)
  }

  #programme(
    id: string,
    { volume = DEFAULT_VOLUME, class: programmeClass = 'normal' }: LocalPlayArgs,
  ): Programme {
    const planned = this.#options.clock.wall()
    const item: Item = {
      id,
      title: undefined,
      document: 'local',
      area: 'local',
      rev: 0,
      expires: undefined,
      timing: { kind: 'at', at: planned },
      class: programmeClass,
      tier: 'commune',
      language: this.#options.language,
      parts: [{ pause: 0 }],
      repeat: { times: 1, gapSeconds: 0 },
      maxSeconds: undefined,
      volume,
      order: 0,
      late: { policy: 'skip', withinSeconds: 60 },
      onPreempt: 'drop',
      amplifiers: undefined,
      sign: undefined,
    }
    return { key: `local/${id}`, item, planned, obeysQuietHours: false, missedReason: 'LATE' }
  }
}

const PILOT: Segment = { kind: 'sound', sound: 'pilot', frames: SOUND_FRAMES.pilot, gainDb: 0 }

const generatedOf = (args: LocalPlayArgs): Segment => {
  const { sound, seconds, pilot } = args
  if (pilot === true) return PILOT
  if (sound === undefined) return toneOf(args)
  const frames = seconds === undefined ? SOUND_FRAMES[sound] : framesOf(seconds)
  return { kind: 'sound', sound, frames, gainDb: 0 }
}

const toneOf = ({ tone, seconds }: LocalPlayArgs): Segment => ({
  kind: 'tone',
  hz: tone?.hz ?? 1000,
  ...(tone?.toHz === undefined ? {} : { toHz: tone.toHz }),
  frames: framesOf(seconds ?? (tone?.toHz === undefined ? TONE_SECONDS : SWEEP_SECONDS)),
  gainDb: TONE_GAIN_DB,
})

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
