/** Frames over which one frame is gained or lost: 2 ms, in which the pitch is off by one part in a hundred. */
export const SPLICE_FRAMES = 96
const HOP_FRAMES = 32
const HOPS_A_SPLICE = SPLICE_FRAMES / HOP_FRAMES

/** How much the sound changes from frame to frame in each hop: what a splice there would distort. */
const changes = (samples: Int16Array, channels: number, hops: number): readonly number[] =>
  Array.from({ length: hops }, (_, hop) => {
    let sum = 0
    const from = hop * HOP_FRAMES * channels
    for (let index = from; index < from + HOP_FRAMES * channels; index += 1)
      sum += Math.abs((samples[index + channels] ?? 0) - (samples[index] ?? 0))
    return sum
  })

/** The frame where a splice is heard least: the quietest stretch. `frames` is over twice `SPLICE_FRAMES`. */
export const quietestPlace = (samples: Int16Array, channels: number, frames: number): number => {
  const change = changes(samples, channels, Math.floor((frames - 1) / HOP_FRAMES))
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let hop = 0; hop + HOPS_A_SPLICE <= change.length; hop += 1) {
    const sum = change.slice(hop, hop + HOPS_A_SPLICE).reduce((total, value) => total + value, 0)
    if (sum >= least) continue
    least = sum
    best = hop
  }
  return best * HOP_FRAMES
}

/** Makes `SPLICE_FRAMES` frames from `place` on one frame shorter, gliding over to the next; what follows moves up. */
export const dropFrame = (samples: Int16Array, channels: number, frames: number, place: number): void => {
  const last = SPLICE_FRAMES - 1
  for (let step = 0; step < last; step += 1)
    for (let channel = 0; channel < channels; channel += 1) {
      const index = (place + step) * channels + channel
      const own = samples[index] ?? 0
      samples[index] = Math.round(own + (((samples[index + channels] ?? 0) - own) * step) / last)
    }
  samples.copyWithin((place + last) * channels, (place + SPLICE_FRAMES) * channels, frames * channels)
}

/** Makes `SPLICE_FRAMES` frames from `place` on one frame longer; what follows moves down, so `samples` has room for it. */
export const insertFrame = (samples: Int16Array, channels: number, frames: number, place: number): void => {
  const next = (place + SPLICE_FRAMES) * channels
  samples.copyWithin(next + channels, next, frames * channels)
  for (let step = SPLICE_FRAMES; step > 0; step -= 1)
    for (let channel = 0; channel < channels; channel += 1) {
      const index = (place + step) * channels + channel
      const own = samples[index] ?? 0
      const share = step / (SPLICE_FRAMES + 1)
      samples[index] = Math.round(own + ((samples[index - channels] ?? 0) - own) * share)
    }
}
