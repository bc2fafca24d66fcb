import { beforeEach, describe, expect, it } from 'vitest'
import { LiveRelay } from '../../../agent/services/streams/live-relay.ts'
import { FakeStations } from '../../fakes/fake-stations.ts'
import { ManualClock, settled } from '../../fakes/manual-clock.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const A = 'http://a.example/live?key=1'
const B = 'http://b.example/live'

describe('a live relay', () => {
  let clock: ManualClock
  let stations: FakeStations
  let relay: LiveRelay
  let troubles: { readonly url: string; readonly why: string }[]
  let ids: number

  beforeEach(() => {
    clock = new ManualClock()
    stations = new FakeStations()
    stations.alive.add(A).add(B)
    troubles = []
    ids = 0
    relay = new LiveRelay({
      clock,
      fetcher: stations,
      logger: silentLogger,
      newId: () => {
        ids += 1
        return `id-${ids}`
      },
      onTrouble: (data) => troubles.push(data),
      onFailure: (error) => {
        throw error
      },
    })
  })

  const open = (...urls: readonly string[]): string => relay.open({ format: 'mp3', urls })
  /** What a read has been answered with so far. */
  const reading = (id: string, tuning: number): { text: string | undefined } => {
    const answer: { text: string | undefined } = { text: undefined }
    void relay.read(id, tuning, 1000).then((bytes) => {
      answer.text = bytes === undefined ? 'unknown' : new TextDecoder().decode(bytes)
    })
    return answer
  }
  const read = async (id: string, tuning: number): Promise<string | undefined> => {
    const answer = reading(id, tuning)
    await settled()
    return answer.text
  }

  it('asks nobody before it is read, then says the format first and gives what comes', async () => {
    const id = open(A, B)
    await settled()
    expect(stations.asked).toEqual([])
    expect(await read(id, 0)).toBe('mp3')
    const waiting = reading(id, 0)
    await settled()
    expect(waiting.text).toBeUndefined()
    stations.last.send('sound')
    await settled()
    expect(waiting.text).toBe('sound')
    expect(stations.asked).toEqual([A])
  })

  it('leaves a URL that sends nothing for 2 s, says so once and without its query, and gives the next', async () => {
    const id = open(A, B)
    await read(id, 0)
    const waiting = reading(id, 0)
    await clock.advance(1900)
    expect(waiting.text).toBeUndefined()
    await clock.advance(200)
    expect(waiting.text).toBe('')
    expect(stations.last.released).toBe(true)
    expect(await read(id, 1)).toBe('mp3')
    expect(stations.asked).toEqual([A, B])
    expect(troubles).toEqual([{ url: 'http://a.example/live', why: 'nothing came within 2 s' }])
  })

  it('passes over a URL that does not answer within 2 s', async () => {
    stations.mute.add(A)
    const id = open(A, B)
    const waiting = reading(id, 0)
    await clock.advance(2100)
    expect(waiting.text).toBe('mp3')
    expect(stations.asked).toEqual([A, B])
  })

  it('goes back to the first URL when it lives again, asked every 30 s', async () => {
    stations.alive.delete(A)
    const id = open(A, B)
    expect(await read(id, 0)).toBe('mp3')
    const second = stations.last
    const live = async (seconds: number): Promise<void> => {
      for (let passed = 0; passed < seconds; passed += 1) {
        second.send('b')
        reading(id, 0)
        await clock.advance(1000)
      }
    }
    await live(29)
    expect(stations.asked).toEqual([A, B])
    await live(3)
    expect(stations.asked).toEqual([A, B, A])
    stations.alive.add(A)
    await live(30)
    expect(stations.asked).toEqual([A, B, A, A])
    expect(second.released).toBe(true)
    expect(await read(id, 0)).toBe('')
    expect(await read(id, 1)).toBe('mp3')
    expect(stations.asked).toEqual([A, B, A, A])
  })

  it('takes a request for the next tuning as a verdict on the one before', async () => {
    const id = open(A, B)
    await read(id, 0)
    expect(await read(id, 1)).toBe('mp3')
    expect(stations.asked).toEqual([A, B])
    expect(troubles[0]?.why).toBe('what came was not fit to be heard')
  })

  it('connects again to a source that ended after it had held', async () => {
    const id = open(A, B)
    await read(id, 0)
    for (let seconds = 0; seconds < 12; seconds += 1) {
      stations.last.send('a')
      await read(id, 0)
      await clock.advance(1000)
    }
    stations.last.end()
    await settled()
    expect(await read(id, 0)).toBe('')
    expect(await read(id, 1)).toBe('mp3')
    expect(stations.asked).toEqual([A, A])
  })

  it('gives everything that came before a source ended', async () => {
    const id = open(A)
    await read(id, 0)
    for (const text of ['one', 'two', 'three']) stations.last.send(text)
    stations.last.end()
    await settled()
    expect([await read(id, 0), await read(id, 0), await read(id, 0), await read(id, 0)]).toEqual([
      ...['one', 'two', 'three', ''],
    ])
  })

  it('asks the dead with growing pauses and never gives up', async () => {
    stations.alive.clear()
    const id = open(A, B)
    const waiting = reading(id, 0)
    await clock.advance(60_000)
    expect(stations.asked.length).toBeGreaterThan(10)
    expect(stations.asked.length).toBeLessThan(26)
    stations.alive.add(B)
    await clock.advance(10_000)
    expect(waiting.text).toBe('mp3')
  })

  it('fetches no further ahead than it may, and goes on when it is read', async () => {
    const id = open(A)
    await read(id, 0)
    for (let piece = 0; piece < 20; piece += 1) stations.last.send('x'.repeat(16_384))
    await settled()
    // A source that is not asked for more has not stalled.
    await clock.advance(60_000)
    expect(troubles).toEqual([])
    let got = 0
    for (let turn = 0; turn < 400; turn += 1) got += (await read(id, 0))?.length ?? 0
    expect(got).toBe(20 * 16_384)
  })

  it('lets everything go when it is closed, and knows nothing of it afterwards', async () => {
    const id = open(A)
    await read(id, 0)
    const waiting = reading(id, 0)
    relay.close(id)
    await settled()
    expect(waiting.text).toBe('')
    expect(stations.last.released).toBe(true)
    expect(relay.holds(id)).toBe(false)
    expect(await read(id, 0)).toBe('unknown')
    expect(clock.sleeping).toBe(0)
  })

  it('never asks a URL outside the allow-list', async () => {
    const id = open('http://forbidden.example/live')
    expect(await read(id, 0)).toBe('unknown')
    const other = open('http://forbidden.example/live', B)
    expect(await read(other, 0)).toBe('mp3')
    expect(stations.asked).toEqual([B])
  })
})
