export const linearOf = (db: number): number => (db <= -120 ? 0 : 10 ** (db / 20))

/** A gain that glides in a straight line from one device frame to another. */
export type Ramp = {
  readonly from: number
  readonly to: number
  readonly start: number
  readonly end: number
}

export const steady = (gain: number): Ramp => ({ from: 0, to: 0, start: gain, end: gain })

export const rampAt = (ramp: Ramp, frame: number): number => {
  if (frame >= ramp.to) return ramp.end
  if (frame <= ramp.from) return ramp.start
  return ramp.start + ((ramp.end - ramp.start) * (frame - ramp.from)) / (ramp.to - ramp.from)
}

const isFlat = (ramp: Ramp, from: number, to: number): boolean => from >= ramp.to || to <= ramp.from

const CEILING = 32_767

/**
 * Scales `samples` in place by `gain` and by every ramp, frame `at` being the first; what would be over full scale stays
 * at full scale instead of wrapping round. Returns the peak, 0..32767.
 */
export const applyGain = (
  samples: Int16Array,
  channels: number,
  at: number,
  gain: number,
  ramps: readonly Ramp[],
): number => {
  const frames = samples.length / channels
  const flat = ramps.every((ramp) => isFlat(ramp, at, at + frames))
  const product = (frame: number): number => ramps.reduce((value, ramp) => value * rampAt(ramp, frame), gain)
  let factor = product(at)
  let peak = 0
  for (let frame = 0; frame < frames; frame += 1) {
    if (!flat) factor = product(at + frame)
    for (let index = frame * channels; index < (frame + 1) * channels; index += 1) {
      const scaled = Math.round((samples[index] ?? 0) * factor)
      const value = Math.max(-CEILING, Math.min(CEILING, scaled))
      samples[index] = value
      peak = Math.max(peak, Math.abs(value))
    }
  }
  return peak
}
