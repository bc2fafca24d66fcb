import type { Signboard } from '../ports/signboard.ts'

/** A sign that is left alone: nothing is opened, and everything meant for it finds it not working. */
export const createAbsentSignboard = (
  { id, width, height }: Pick<Signboard, 'id' | 'width' | 'height'>,
  message: string,
): Signboard => ({
  id,
  width,
  height,
  framesPerSecond: 1,
  takes: 'raster',
  health: { ok: false, message },
  proof: 'waiting',
  show: () => undefined,
  dim: () => undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
})
