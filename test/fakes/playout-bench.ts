import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPlayout, type SupervisedPlayout } from '../../agent/adapters/playout/supervised-playout.ts'
import { type Clip, FRAMES_PER_SECOND, type Segment } from '../../agent/core/clip.ts'
import type { AmplifierConfig, AudioConfig } from '../../agent/core/configuration.ts'
import type { AudioFormat } from '../../agent/core/documents.ts'
import { epochMs } from '../../agent/core/time.ts'
import type { PlayOrder, PlayoutReport } from '../../agent/ports/playout.ts'
import type { StreamRelay } from '../../agent/ports/stream-relay.ts'
import { forceOpen } from '../../drivers/registry.ts'
import { silentLogger } from './silent-logger.ts'
import { until } from './until.ts'

type Timing = Partial<Pick<AmplifierConfig, 'settleMs' | 'holdMs' | 'minOffMs' | 'maxOnMinutes'>>
type Kind = PlayoutReport['kind']
type Of<K extends Kind> = Extract<PlayoutReport, { readonly kind: K }>

export const NO_STREAMS: StreamRelay = {
  open: () => '00'.repeat(32),
  holds: () => false,
  read: () => Promise.resolve(undefined),
  close: () => undefined,
}

export type RelayLine = { readonly at: string; readonly id: string; readonly on: boolean }

/** The real playout process with virtual relays, files held in memory, and all its reports kept. */
export class PlayoutBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'loa-playout-'))
  readonly reports: PlayoutReport[] = []
  readonly files = new Map<string, Uint8Array>()
  readonly playout: SupervisedPlayout

  constructor(
    audio: AudioConfig | ((folder: string) => AudioConfig),
    env: Readonly<Record<string, string>>,
    timing: Timing = {},
    streams: StreamRelay = NO_STREAMS,
  ) {
    this.playout = openPlayout({
      entry: join(import.meta.dirname, '../../agent/playout/main.ts'),
      audio: typeof audio === 'function' ? audio(this.folder) : audio,
      amplifiers: [
        {
          driver: 'virtual',
          id: 'main',
          settleMs: 100,
          holdMs: 100,
          minOffMs: 0,
          maxOnMinutes: 240,
          ...timing,
          trace: this.trace,
        },
      ],
      env: { PATH: '/usr/bin:/bin', ...env },
      readMedia: (sha256, offset, length) => this.files.get(sha256)?.subarray(offset, offset + length),
      streams,
      forceOpen,
      logger: silentLogger,
      onReport: (report) => this.reports.push(report),
    })
  }

  get trace(): string {
    return join(this.folder, 'relays.jsonl')
  }

  relays(): readonly RelayLine[] {
    if (!existsSync(this.trace)) return []
    return readFileSync(this.trace, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  relayIsOpen(): boolean {
    return this.relays().at(-1)?.on !== true
  }

  of<K extends Kind>(kind: K, clip?: string): readonly Of<K>[] {
    return this.reports.filter(
      (report): report is Of<K> =>
        report.kind === kind && (clip === undefined || ('clip' in report && report.clip === clip)),
    )
  }

  /** The first report of a kind about a clip, when it is there. */
  async report<K extends Kind>(kind: K, clip?: string): Promise<Of<K>> {
    await until(`${kind} ${clip ?? ''}`, () => this.of(kind, clip).length > 0, 20_000)
    const [first] = this.of(kind, clip)
    if (first === undefined) throw new Error('the report went away')
    return first
  }

  async up(times = 1): Promise<void> {
    await until('playout is up', () => this.of('process').filter(({ up }) => up).length >= times, 20_000)
  }

  /** Puts a file where playout asks for it, declared as `seconds` long. */
  media(bytes: Uint8Array, format: AudioFormat, seconds: number): Segment {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    this.files.set(sha256, bytes)
    return {
      kind: 'media',
      sha256,
      bytes: bytes.length,
      format,
      frames: Math.round(seconds * FRAMES_PER_SECOND),
      gainDb: 0,
    }
  }

  schedule(
    id: string,
    segments: readonly Segment[],
    order: Partial<Omit<PlayOrder, 'clip'>> & { readonly gainDb?: number } = {},
  ): Clip {
    const { gainDb = 0, ...rest } = order
    const clip: Clip = { id, segments, amplifiers: ['main'], gainDb }
    this.playout.schedule({ at: epochMs(0), fromFrame: 0, takeover: false, fadeInMs: 0, ...rest, clip })
    return clip
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.playout[Symbol.asyncDispose]()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export const inMs = (ms: number) => epochMs(Date.now() + ms)

/** A WAV file of one channel at 48 kHz. */
export const wavOf = (samples: Int16Array): Uint8Array => {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.byteLength, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(FRAMES_PER_SECOND, 24)
  header.writeUInt32LE(2 * FRAMES_PER_SECOND, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)])
}

/** Noise in which every stretch is found again only where it was: no two places are alike, and no sample is near 0. */
export const noise = (seconds: number): Int16Array => {
  const samples = new Int16Array(Math.round(seconds * FRAMES_PER_SECOND))
  let state = 12_345
  for (let index = 0; index < samples.length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    const magnitude = 2000 + (state >>> 19)
    samples[index] = state & 0x40000 ? magnitude : -magnitude
  }
  return samples
}

/** Samples of a WAV file as written so far. */
export const samplesIn = (file: string): Int16Array => {
  const bytes = readFileSync(file)
  const data = new Uint8Array(bytes.subarray(44, bytes.length - (bytes.length % 2)))
  return new Int16Array(data.buffer, 0, Math.floor(data.length / 2))
}
