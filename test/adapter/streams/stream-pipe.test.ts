import { duplexPair } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import { serveMedia } from '../../../agent/adapters/playout/media-server.ts'
import { StreamDesk } from '../../../agent/adapters/playout/stream-desk.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { MediaPipe } from '../../../agent/playout/media-pipe.ts'
import type { PlayOrder, PlayoutReport } from '../../../agent/ports/playout.ts'
import type { StreamPlaces, StreamRelay } from '../../../agent/ports/stream-relay.ts'
import { until } from '../../fakes/until.ts'

const FILE = 'ff'.repeat(32)
const URL_KEPT = 'https://relay.example/live?key=secret'

/** Streams that are answered when the test says so. */
class HandRelay implements StreamRelay {
  readonly held = new Map<string, StreamPlaces>()
  readonly reads: { readonly tuning: number; readonly answer: (bytes: Uint8Array) => void }[] = []
  #made = 0

  open(places: StreamPlaces): string {
    this.#made += 1
    const id = this.#made.toString(16).padStart(64, '0')
    this.held.set(id, places)
    return id
  }
  holds(id: string): boolean {
    return this.held.has(id)
  }
  read(_id: string, tuning: number): Promise<Uint8Array> {
    return new Promise((answer) => this.reads.push({ tuning, answer }))
  }
  close(id: string): void {
    this.held.delete(id)
  }
}

let relay: HandRelay
beforeEach(() => {
  relay = new HandRelay()
})

describe('the pipe between playout and agent', () => {
  const connect = (): MediaPipe => {
    const [ours, theirs] = duplexPair()
    serveMedia(theirs, (sha256) => (sha256 === FILE ? new Uint8Array([1, 2, 3]) : undefined), relay)
    return new MediaPipe(ours)
  }
  const places: StreamPlaces = { format: 'mp3', urls: [] }

  it('reads files past streams that have nothing to say', async () => {
    const pipe = connect()
    const streams = Array.from({ length: 5 }, () => pipe.readStream(relay.open(places), 0, 100))
    await until('all streams are asked', () => relay.reads.length === 5)
    expect(await pipe.read(FILE, 0, 100)).toEqual(Buffer.from([1, 2, 3]))
    for (const { answer } of relay.reads.toReversed()) answer(new Uint8Array([7]))
    expect(await Promise.all(streams)).toEqual(Array.from({ length: 5 }, () => Buffer.from([7])))
  })

  it('tells the end of a tuning from a stream that nobody knows', async () => {
    const pipe = connect()
    const id = relay.open(places)
    const over = pipe.readStream(id, 3, 100)
    await until('it is asked', () => relay.reads.length === 1)
    expect(relay.reads[0]?.tuning).toBe(3)
    relay.reads[0]?.answer(new Uint8Array(0))
    expect(await over).toHaveLength(0)
    pipe.closeStream(id)
    await until('it is let go', () => !relay.holds(id))
    expect(await pipe.readStream(id, 4, 100)).toBeUndefined()
  })
})

describe('the desk of streams', () => {
  const order = (clip: string): PlayOrder => ({
    ...{ at: epochMs(0), fromFrame: 0, takeover: false, fadeInMs: 0 },
    clip: {
      ...{ id: clip, amplifiers: [], gainDb: 0 },
      segments: [
        { kind: 'silence', frames: 1 },
        { kind: 'stream', id: '', format: 'mp3', urls: [URL_KEPT], frames: 1 },
        { kind: 'stream', id: '', format: 'mp3', urls: [URL_KEPT], frames: 1 },
      ],
    },
  })
  const ended = (clip: string): PlayoutReport => ({
    kind: 'ended',
    end: 'finished',
    ...{ clip, at: epochMs(0), frame: 3, frames: 3, underruns: 0, faults: [] },
  })

  it('lets no URL out to playout, gives each part an id of its own, and lets them go when the clip ends', () => {
    const desk = new StreamDesk(relay)
    const handed = desk.hand(order('a'))
    expect(JSON.stringify(handed)).not.toContain('relay.example')
    const ids = handed.clip.segments.flatMap((segment) => (segment.kind === 'stream' ? [segment.id] : []))
    expect(new Set(ids)).toEqual(new Set(relay.held.keys()))
    expect(relay.held.get(ids[0] ?? '')?.urls).toEqual([URL_KEPT])
    desk.note(ended('another'))
    expect(relay.held.size).toBe(2)
    desk.note(ended('a'))
    expect(relay.held.size).toBe(0)
  })

  it('keeps nothing of an order that another one replaced', () => {
    const desk = new StreamDesk(relay)
    desk.hand(order('a'))
    desk.hand(order('a'))
    expect(relay.held.size).toBe(2)
  })
})
