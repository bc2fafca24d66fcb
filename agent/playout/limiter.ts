/** -1.5 dBFS: no sample leaves above it, so that between samples too the sound stays below -1 dBTP. */
export const CEILING = Math.floor(32_767 * 10 ** (-1.5 / 20))
/** How far ahead a peak is seen: 5 ms, in which the gain may glide all the way down. */
export const LOOK_AHEAD_FRAMES = 240
/** Share of what is missing that the gain regains in a frame: most of it in 60 ms. */
const RELEASE = 1 / 2880
const AS_GOOD_AS_ONE = 0.9995

/** Writes how loud the frames to come will be, as far as they are at hand, and says how many those are. */
export type Foresee = (levels: Float32Array) => number

/** The loudest sample of each frame, times the gain of that frame. */
export const writeLevels = (
  levels: Float32Array,
  samples: Int16Array,
  channels: number,
  gains: Float32Array,
): void => {
  for (let index = 0, frame = 0; index < samples.length; frame += 1) {
    let most = 0
    for (const next = index + channels; index < next; index += 1) {
      const sample = samples[index] ?? 0
      const size = sample < 0 ? -sample : sample
      if (size > most) most = size
    }
    levels[frame] = most * (gains[frame] ?? 1)
  }
}

/** The loudest sample. */
export const peakOf = (samples: Int16Array): number => {
  let [low, high] = [0, 0]
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0
    if (sample > high) high = sample
    if (sample < low) low = sample
  }
  return Math.max(high, -low)
}

const scaleEvenly = (samples: Int16Array, gain: number): void => {
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0
    // Away from zero on both sides, as frame by frame.
    samples[index] = sample < 0 ? -Math.round(-sample * gain) : Math.round(sample * gain)
  }
}

/**
 * Keeps a piece below the ceiling by turning the gain down ahead of a peak and up slowly after it; what is below is
 * only scaled. It delays nothing, because it is shown what comes.
 */
export class Limiter {
  readonly #channels: number
  readonly #historyFrames: number
  #levels = new Float32Array(0)
  /** Gain of each of the last frames, by device frame, from the first time that it was not 1. */
  #trace: Float32Array | undefined
  /** Device frame after the last. */
  #end = 0

  /** `historyFrames`: how far back frames may be taken and scaled anew. */
  constructor(channels: number, historyFrames: number) {
    this.#channels = channels
    this.#historyFrames = historyFrames
  }

  /**
   * What `apply` does where all frames have one gain and nothing is or comes too loud, in a fraction of the time; elsewhere
   * it does nothing and answers undefined. `ahead`: how loud what follows will be.
   */
  applyEvenly(samples: Int16Array, at: number, gain: number, ahead: () => number): number | undefined {
    if (this.#gainBefore(at) !== 1) return undefined
    const rounded = Math.fround(gain)
    const peak = peakOf(samples) * rounded
    if (peak > CEILING || ahead() > CEILING) return undefined
    const frames = samples.length / this.#channels
    this.#end = at + frames
    this.#noteOpen(at, frames)
    if (rounded !== 1) scaleEvenly(samples, rounded)
    return Math.round(peak)
  }

  /** Scales `samples`, which go to device frame `at`, by a gain for each frame. Returns the peak, 0..`CEILING`. */
  apply(samples: Int16Array, at: number, gains: Float32Array, foresee: Foresee): number {
    const frames = samples.length / this.#channels
    if (this.#levels.length < frames + LOOK_AHEAD_FRAMES)
      this.#levels = new Float32Array(frames + LOOK_AHEAD_FRAMES)
    writeLevels(this.#levels, samples, this.#channels, gains)
    const before = this.#gainBefore(at)
    this.#end = at + frames
    const seen = frames + foresee(this.#levels.subarray(frames))
    if (before === 1 && this.#peakOf(seen) <= CEILING) this.#noteOpen(at, frames)
    else this.#turnDown(gains, at, frames, seen, before)
    return this.#scale(samples, gains)
  }

  /** The gain in force before device frame `at`: where frames were taken back, the one that was there. */
  #gainBefore(at: number): number {
    const known = this.#trace !== undefined && at <= this.#end && at > this.#end - this.#historyFrames
    return known ? (this.#trace?.[(at - 1 + this.#historyFrames) % this.#historyFrames] ?? 1) : 1
  }

  #peakOf(frames: number): number {
    let peak = 0
    for (let frame = 0; frame < frames; frame += 1) {
      const level = this.#levels[frame] ?? 0
      if (level > peak) peak = level
    }
    return peak
  }

  #noteOpen(at: number, frames: number): void {
    if (this.#trace === undefined) return
    const from = at % this.#historyFrames
    this.#trace.fill(1, from, from + frames)
    this.#trace.fill(1, 0, Math.max(0, from + frames - this.#historyFrames))
  }

  #turnDown(gains: Float32Array, at: number, frames: number, seen: number, before: number): void {
    const allowed = this.#levels
    let next = 1
    for (let frame = seen - 1; frame >= 0; frame -= 1) {
      const level = allowed[frame] ?? 0
      next = Math.min(next + 1 / LOOK_AHEAD_FRAMES, level > CEILING ? CEILING / level : 1)
      allowed[frame] = next
    }
    this.#trace ??= new Float32Array(this.#historyFrames).fill(1)
    let gain = before
    for (let frame = 0; frame < frames; frame += 1) {
      // Rounded as the trace is, so that what is scaled anew comes out the same.
      gain = Math.fround(Math.min(allowed[frame] ?? 1, gain + (1 - gain) * RELEASE))
      if (gain > AS_GOOD_AS_ONE && allowed[frame] === 1) gain = 1
      gains[frame] = (gains[frame] ?? 1) * gain
      this.#trace[(at + frame) % this.#historyFrames] = gain
    }
  }

  #scale(samples: Int16Array, gains: Float32Array): number {
    let peak = 0
    for (let index = 0, frame = 0; index < samples.length; frame += 1) {
      const gain = gains[frame] ?? 1
      for (const next = index + this.#channels; index < next; index += 1) {
        const sample = samples[index] ?? 0
        const scaled = Math.round((sample < 0 ? -sample : sample) * gain)
        // Rounding may add half a step.
        const size = Math.min(scaled, CEILING)
        samples[index] = sample < 0 ? -size : size
        if (size > peak) peak = size
      }
    }
    return peak
  }
}
