import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ContentServer } from '../e2e/library/content-server.ts'
import { Agent, type AgentOptions } from './agent.ts'
import { type Mosquitto, startMosquitto } from './mosquitto.ts'
import { Observer } from './observer.ts'

export type AudioPart = {
  readonly audio: {
    readonly sha256: string
    readonly bytes: number
    readonly format: string
    readonly seconds: number
    readonly urls: readonly string[]
  }
}

export type BenchOptions = AgentOptions & { readonly protocol?: 4 | 5; readonly brokerConfig?: string }

/** Everything around one receiver: broker, content server, an observer in the province, and the receiver itself. */
export class Bench implements AsyncDisposable {
  readonly broker: Mosquitto
  readonly content: ContentServer
  readonly contentUrl: string
  readonly observer: Observer
  readonly agent: Agent
  readonly #stack: AsyncDisposableStack

  private constructor(
    parts: Pick<Bench, 'broker' | 'content' | 'contentUrl' | 'observer' | 'agent'>,
    stack: AsyncDisposableStack,
  ) {
    this.broker = parts.broker
    this.content = parts.content
    this.contentUrl = parts.contentUrl
    this.observer = parts.observer
    this.agent = parts.agent
    this.#stack = stack
  }

  /** The agent is not started yet. */
  static async open({ protocol = 5, brokerConfig, ...options }: BenchOptions = {}): Promise<Bench> {
    await using stack = new AsyncDisposableStack()
    const broker = stack.use(await startMosquitto(brokerConfig === undefined ? {} : { config: brokerConfig }))
    const content = stack.use(new ContentServer())
    const contentUrl = await content.start()
    const observer = stack.use(await Observer.connect(broker.url, protocol))
    const config = {
      mqtt: { urls: [broker.url], protocol },
      content: { allow: [`${contentUrl}/`] },
      ...options.config,
    }
    const agent = stack.use(new Agent({ ...options, config }))
    return new Bench({ broker, content, contentUrl, observer, agent }, stack.move())
  }

  /** A bench whose agent is connected and announced. */
  static async running(options: BenchOptions = {}): Promise<Bench> {
    const bench = await Bench.open(options)
    try {
      await bench.agent.start()
      await bench.observer.until('reported', 'there', () => true)
      return bench
    } catch (error) {
      await bench[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Serves the bytes and describes them as a part of an item; `over` tells lies about them. */
  serve(
    bytes: Uint8Array,
    seconds: number,
    over: { readonly format?: string; readonly sha256?: string; readonly bytes?: number } = {},
  ): AudioPart {
    const sha256 = over.sha256 ?? createHash('sha256').update(bytes).digest('hex')
    this.content.files.set(`/c/${sha256}`, { bytes })
    const { format = 'mp3', bytes: length = bytes.length } = over
    return { audio: { sha256, bytes: length, format, seconds, urls: [`${this.contentUrl}/c/${sha256}`] } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

const encoded = new Map<number, Uint8Array>()

/** An MP3 of a 440 Hz tone with a header that lets a decoder leave out the encoder's delay. */
export const toneMp3 = (seconds: number): Uint8Array => {
  const held = encoded.get(seconds)
  if (held !== undefined) return held
  const folder = mkdtempSync(join(tmpdir(), 'loa-tone-'))
  const file = join(folder, 'tone.mp3')
  // biome-ignore format: one option and its value a group
  execFileSync('ffmpeg', [
    '-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100', '-t', String(seconds),
    '-c:a', 'libmp3lame', '-b:a', '64k', file,
  ])
  const bytes = readFileSync(file)
  rmSync(folder, { recursive: true })
  encoded.set(seconds, bytes)
  return bytes
}

/** The next whole second that is at least `ms` away. */
export const inMs = (ms: number): number => Math.ceil((Date.now() + ms) / 1000) * 1000

/** An item at one instant. */
export const itemAt = (
  id: string,
  at: number,
  rest: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => ({ id, when: { at: new Date(at).toISOString() }, ...rest })
