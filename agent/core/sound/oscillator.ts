import { FRAMES_PER_SECOND } from '../clip.ts'

/** A sound as a function of its frame number (48 kHz): any frame can be asked for in any order; values lie in -1..1. */
export type Voice = (frame: number) => number

export const sine = (cycles: number): number => Math.sin(2 * Math.PI * (cycles - Math.floor(cycles)))

/** 0..1 over the first and last `edgeFrames` of a sound, so that it neither begins nor ends with a click. */
export const edge = (frame: number, frames: number, edgeFrames: number): number => {
  const fromEnd = Math.min(frame, frames - 1 - frame)
  if (fromEnd >= edgeFrames) return 1
  return fromEnd < 0 ? 0 : 0.5 - 0.5 * Math.cos((Math.PI * fromEnd) / edgeFrames)
}

export const secondsAt = (frame: number): number => frame / FRAMES_PER_SECOND
