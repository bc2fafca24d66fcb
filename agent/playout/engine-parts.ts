import { FRAMES_PER_SECOND } from '../core/clip.ts'
import type { AmplifierConfig, HornFilterConfig } from '../core/configuration.ts'
import type { PlayoutReport } from '../ports/playout.ts'
import type { OpenSource } from './clip-reader.ts'
import type { OpenPcm } from './device-stream.ts'
import type { Hearing } from './hearing.ts'
import { createHornFilter } from './horn-filter.ts'
import type { Pace } from './paced-reader.ts'
import type { OpenAmplifier } from './relay-board.ts'
import { STEADY_MS } from './turn-pace.ts'

export type EngineParts = {
  readonly channels: 1 | 2
  /** How deep the device is kept filled. */
  readonly bufferMs: number
  /**
   * How much later than it leaves the device a sound counts as heard, in milliseconds: latency less wanted delay. Orders and
   * reports are in instants of hearing.
   */
  readonly trimMs?: number
  readonly filter?: HornFilterConfig | undefined
  readonly amplifiers: readonly AmplifierConfig[]
  readonly openPcm: OpenPcm
  /** Hears what is played, where the board has something to hear with. */
  readonly hearing?: Hearing
  readonly openAmplifier: OpenAmplifier
  readonly openSource: OpenSource
  /** CLOCK_MONOTONIC in nanoseconds. */
  readonly nowNs: () => number
  /** Wall time less monotonic time, in ms. */
  readonly wallOffsetMs: () => number
  readonly report: (report: PlayoutReport) => void
}

/** `wallOf`: the wall instant at which a device frame is heard. */
export const paceOf = ({ bufferMs, channels, filter }: EngineParts, wallOf: Pace['wallOf']): Pace => ({
  channels,
  historyFrames: Math.ceil(((bufferMs + STEADY_MS) * FRAMES_PER_SECOND) / 1000) + FRAMES_PER_SECOND / 10,
  wallOf,
  filter: filter && createHornFilter(filter, channels),
})
