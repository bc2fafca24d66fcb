import { readFile, stat } from 'node:fs/promises'

/** What the WAV file of the `wav` driver proves by itself, without asking the agent. */
export type Tape = {
  readonly seconds: number
  /** When the first and the last loud moment left the device, from the age of the file; undefined on a silent tape. */
  readonly heardFrom: Date | undefined
  readonly heardUntil: Date | undefined
  /** Share of the time between them in which there was sound, 0 to 1. */
  readonly share: number
  /** Of what is loud, in dBFS. */
  readonly levelDb: number
}

const HEADER_BYTES = 44
const RATE = 48_000
/** Shorter than any pause between words that counts, longer than a period of the lowest voice. */
const WINDOW_FRAMES = RATE / 50
/** A quiet room, where speech at -16 LUFS is at -20. */
const LOUD_DB = -45

const rmsDb = (samples: Int16Array): number => {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return 20 * Math.log10(Math.sqrt(sum / Math.max(1, samples.length)) / 32_768 + 1e-9)
}

/** Reads a WAV of 16 bit, one channel, 48 kHz. The last frame left when the file was last written. */
export const readTape = async (path: string): Promise<Tape> => {
  const [bytes, { mtimeMs }] = await Promise.all([readFile(path), stat(path)])
  const frames = Math.floor((bytes.length - HEADER_BYTES) / 2)
  const samples = new Int16Array(frames)
  for (let frame = 0; frame < frames; frame += 1) samples[frame] = bytes.readInt16LE(HEADER_BYTES + 2 * frame)
  const levels: number[] = []
  for (let from = 0; from < frames; from += WINDOW_FRAMES)
    levels.push(rmsDb(samples.subarray(from, from + WINDOW_FRAMES)))

  const loud = levels.flatMap((level, index) => (level > LOUD_DB ? [index] : []))
  const [first, last] = [loud[0], loud.at(-1)]
  const beganMs = mtimeMs - (frames / RATE) * 1000
  const wallOf = (window: number): Date => new Date(beganMs + (window * WINDOW_FRAMES * 1000) / RATE)
  return {
    seconds: frames / RATE,
    heardFrom: first === undefined ? undefined : wallOf(first),
    heardUntil: last === undefined ? undefined : wallOf(last + 1),
    share: first === undefined || last === undefined ? 0 : loud.length / (last + 1 - first),
    levelDb: loud.reduce((sum, index) => sum + (levels[index] ?? 0), 0) / Math.max(1, loud.length),
  }
}
