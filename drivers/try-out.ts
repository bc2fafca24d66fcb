import { setTimeout as sleep } from 'node:timers/promises'
import { FRAMES_PER_SECOND } from '../agent/core/clip.ts'
import type { BoardConfig } from '../agent/core/configuration.ts'
import { testPattern } from '../agent/core/sign/test-pattern.ts'
import type { SignConfig } from '../agent/core/sign-configuration.ts'
import { epochMs } from '../agent/core/time.ts'
import { openPcmOutput, openSignboard } from './registry.ts'

/** Lets one device be told from another before there is an agent that holds them. No amplifier is switched. */

const TONE_HZ = 440
const TONE_SECONDS = 2
/** A tenth of full scale: whoever listens may wear headphones. */
const AMPLITUDE = 3_277
const POLL_MS = 20

const tone = (channels: number): Int16Array => {
  const frames = FRAMES_PER_SECOND * TONE_SECONDS
  const samples = new Int16Array(frames * channels)
  for (let frame = 0; frame < frames; frame += 1)
    samples.fill(
      Math.round(AMPLITUDE * Math.sin((2 * Math.PI * TONE_HZ * frame) / FRAMES_PER_SECOND)),
      frame * channels,
      (frame + 1) * channels,
    )
  return samples
}

/** Two seconds of a soft tone. @throws AUDIO_DEVICE when the device cannot be had, as while an agent holds it */
export const playTone = async (audio: BoardConfig['audio'], signal: AbortSignal): Promise<void> => {
  await using output = await openPcmOutput(audio)
  const samples = tone(output.channels)
  const until = performance.now() + TONE_SECONDS * 2_000
  let done = 0
  while (!signal.aborted && performance.now() < until) {
    done += output.write(samples.subarray(done)) * output.channels
    if (done >= samples.length && output.position().queued === 0) return
    await sleep(POLL_MS)
  }
}

/** The test pattern for some seconds; answers what the sign says of itself then. @throws CONFIG, IO */
export const showPattern = async (
  sign: SignConfig,
  seconds: number,
  signal: AbortSignal,
): Promise<{ readonly ok: boolean; readonly message: string }> => {
  await using board = await openSignboard(sign, () => epochMs(Date.now()))
  const { width, height } = sign
  board.show(testPattern({ width, height }), 'test')
  await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined)
  return board.health
}
