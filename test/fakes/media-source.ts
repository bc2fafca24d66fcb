import { LoaError } from '../../agent/core/error.ts'
import { LOWEST_LUFS, type Measurement } from '../../agent/ports/media-cache.ts'
import type { MediaFetcher } from '../../agent/ports/media-fetcher.ts'
import type { MediaProbe } from '../../agent/ports/media-probe.ts'

/** What stands behind a URL: its bytes, or what is wrong with it. `hang` after so many bytes: until aborted. */
export type Shelved = {
  readonly bytes?: Uint8Array
  readonly fault?: 'NO_MEDIA' | 'BAD_MEDIA'
  /** Breaks off after so many bytes of the file. */
  readonly breakAt?: number
  readonly hangAt?: number
}

/** Content servers by URL. `asked` lists every request as `url@offset`. */
export class FakeServers implements MediaFetcher {
  readonly files = new Map<string, Shelved>()
  readonly asked: string[] = []

  allows(url: string): boolean {
    return !url.startsWith('https://forbidden.example/')
  }

  async *fetch(url: string, offset: number, expectedBytes: number, signal: AbortSignal) {
    this.asked.push(`${url}@${offset}`)
    const file = this.files.get(url)
    if (file === undefined) throw new LoaError('NO_MEDIA', 'unreachable')
    if (file.fault !== undefined) throw new LoaError(file.fault, 'as the test wants it')
    const bytes = file.bytes ?? new Uint8Array(0)
    if (bytes.length !== expectedBytes) throw new LoaError('BAD_MEDIA', 'another length')
    const end = Math.min(file.breakAt ?? bytes.length, file.hangAt ?? bytes.length)
    for (let at = offset; at < end; at += 1000) {
      signal.throwIfAborted()
      yield bytes.subarray(at, Math.min(end, at + 1000))
    }
    if (file.hangAt !== undefined) await aborted(signal)
    if (file.breakAt !== undefined) throw new LoaError('NO_MEDIA', 'broke off')
  }
}

/** Says of every file what the test wants. `measured` counts the calls. */
export class FakeProbe implements MediaProbe {
  measured = 0
  running = 0
  answer: Partial<Measurement> = {}
  fault: 'BAD_MEDIA' | 'DECODER' | undefined
  hang = false

  async measure(
    source: AsyncIterable<Uint8Array>,
    _format: string,
    declaredSeconds: number,
    signal: AbortSignal,
  ): Promise<Measurement> {
    this.measured += 1
    this.running += 1
    try {
      for await (const _ of source) signal.throwIfAborted()
      if (this.hang) await aborted(signal)
      if (this.fault !== undefined) throw new LoaError(this.fault, 'as the test wants it')
      return { seconds: declaredSeconds, integratedLufs: LOWEST_LUFS, truePeakDb: -3, ...this.answer }
    } finally {
      this.running -= 1
    }
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
