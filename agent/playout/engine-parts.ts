import type { AmplifierConfig, HornFilterConfig } from '../core/configuration.ts'
import type { PlayoutReport } from '../ports/playout.ts'
import type { OpenSource } from './clip-reader.ts'
import type { OpenPcm } from './device-stream.ts'
import type { OpenAmplifier } from './relay-board.ts'

export type EngineParts = {
  readonly channels: 1 | 2
  /** How deep the device is kept filled. */
  readonly bufferMs: number
  /**
   * How much later than it leaves the device a sound counts as heard, in milliseconds: latency less wanted delay. Orders and
   * reports are in instants of hearing.
   */
  readonly trimMs?: number
  readonly filter?: HornFilterConfig
  readonly amplifiers: readonly AmplifierConfig[]
  readonly openPcm: OpenPcm
  readonly openAmplifier: OpenAmplifier
  readonly openSource: OpenSource
  /** CLOCK_MONOTONIC in nanoseconds. */
  readonly nowNs: () => number
  /** Wall time less monotonic time, in ms. */
  readonly wallOffsetMs: () => number
  readonly report: (report: PlayoutReport) => void
}
