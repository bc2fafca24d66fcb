import { vi } from 'vitest'
import type { Segment } from '../../agent/core/clip.ts'
import { epochMs } from '../../agent/core/time.ts'
import { Engine } from '../../agent/playout/engine.ts'
import type { EngineParts } from '../../agent/playout/engine-parts.ts'
import { GeneratedSource, type Source } from '../../agent/playout/source.ts'
import type { PlayOrder, PlayoutReport } from '../../agent/ports/playout.ts'
import { MemoryOutput } from './playout-output.ts'

type Of<K extends PlayoutReport['kind']> = Extract<PlayoutReport, { readonly kind: K }>

/** The engine of playout on a device in memory and fake timers: time passes only in `run`. */
export class EngineBench {
  readonly reports: PlayoutReport[] = []
  readonly outputs: MemoryOutput[] = []
  /** What left all devices, in order. */
  readonly heard: number[] = []
  readonly engine: Engine

  constructor(parts: Partial<EngineParts> = {}) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const nowNs = (): number => performance.now() * 1e6
    this.engine = new Engine({
      channels: 1,
      bufferMs: 500,
      amplifiers: [],
      openPcm: () => {
        const output = new MemoryOutput(nowNs, this.heard)
        this.outputs.push(output)
        return Promise.resolve(output)
      },
      openAmplifier: () => Promise.reject(new Error('this bench has no relays')),
      openSource: (segment, from): Source => {
        if (segment.kind === 'silence' || segment.kind === 'tone' || segment.kind === 'sound')
          return new GeneratedSource(segment, from, 1)
        throw new Error(`this bench has no ${segment.kind}`)
      },
      nowNs,
      wallOffsetMs: () => 1e6,
      report: (report) => this.reports.push(report),
      ...parts,
    })
  }

  wall(inMs: number) {
    return epochMs(performance.now() + 1e6 + inMs)
  }

  run(ms: number): Promise<unknown> {
    return vi.advanceTimersByTimeAsync(ms)
  }

  of<K extends PlayoutReport['kind']>(kind: K): readonly Of<K>[] {
    return this.reports.filter((report): report is Of<K> => report.kind === kind)
  }

  schedule(
    id: string,
    segments: readonly Segment[],
    order: Partial<PlayOrder> & { readonly gainDb?: number; readonly amplifiers?: readonly string[] } = {},
  ): void {
    const { gainDb = 0, amplifiers = [], ...rest } = order
    const clip = { id, segments, amplifiers, gainDb }
    this.engine.schedule({ clip, at: this.wall(0), fromFrame: 0, takeover: false, fadeInMs: 0, ...rest })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.engine.stop(0)
    await this.run(1000)
    await stopped
    vi.useRealTimers()
  }
}
