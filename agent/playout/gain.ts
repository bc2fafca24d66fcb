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

/** The product of `gain` and all ramps at a device frame. */
export const gainAt = (gain: number, ramps: readonly Ramp[], frame: number): number => {
  let product = gain
  for (const ramp of ramps) product *= rampAt(ramp, frame)
  return product
}

/** No ramp glides between two device frames. */
export const areFlat = (ramps: readonly Ramp[], from: number, to: number): boolean =>
  ramps.every((ramp) => from >= ramp.to || to <= ramp.from)

/** Writes the product of `gain` and all ramps for each frame from device frame `at` on. */
export const writeGains = (gains: Float32Array, at: number, gain: number, ramps: readonly Ramp[]): void => {
  if (areFlat(ramps, at, at + gains.length)) gains.fill(gainAt(gain, ramps, at))
  else for (let index = 0; index < gains.length; index += 1) gains[index] = gainAt(gain, ramps, at + index)
}
