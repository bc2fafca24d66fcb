import { describe, expect, test } from 'vitest'
import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'
import { SOUND_FRAMES } from '../../agent/core/sound/built-in.ts'
import { LiveServer } from '../fakes/live-server.ts'
import { makeHls } from '../fixtures/hls.ts'
import { makeSound } from '../fixtures/sounds.ts'
import { Bench, inMs, itemAt } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'

const LONG = 90_000
const SECONDS = 40
/** Loose: a virtual card on a busy machine. The figures are printed. */
const WITHIN_MS = 50

const station = async (): Promise<{ readonly server: LiveServer; readonly origin: string }> => {
  const server = new LiveServer()
  const origin = await server.start()
  const bytes = makeSound(SECONDS, ['-c:a', 'aac', '-b:a', '64k', '-f', 'adts'])
  for (const path of ['/a', '/b'])
    server.channels.set(path, { bytes, bytesPerSecond: bytes.length / SECONDS })
  for (const [name, file] of makeHls(20, 2, 'mpegts')) server.channels.set(`/hls/${name}`, { bytes: file })
  return { server, origin }
}

const armed = (body: Readonly<Record<string, unknown>>, id: string): unknown =>
  (body['next'] as { item: string; armed: boolean }[]).find(({ item }) => item === id)?.armed

describe.concurrent('live relays', () => {
  test(
    'a stream is armed when it answers, sounds at its second, ends on time and is recorded as played',
    async () => {
      const { server, origin } = await station()
      await using _server = server
      await using bench = await Bench.running({ config: { content: { allow: [`${origin}/`] } } })
      const { agent, observer } = bench
      const at = inMs(12_000)
      const urls = [`${origin}/a`, `${origin}/b`]
      await observer.schedule(1, [
        itemAt('tiep-song', at, { parts: [{ stream: { format: 'aac', seconds: 4, urls } }] }),
        itemAt('hls', at + 6000, {
          parts: [{ stream: { format: 'hls', seconds: 4, urls: [`${origin}/hls/index.m3u8`] } }],
        }),
      ])
      await observer.until('reported', 'armed', (body) => armed(body, 'tiep-song') === true)
      for (const [index, id] of ['tiep-song', 'hls'].entries()) {
        const planned = at + index * 6000
        const record = await observer.record(id, 40_000)
        const on = await agent.heard('on', index)
        const off = await agent.heard('off', index)
        console.log(
          `${id}: joined ${(on - planned).toFixed(1)} ms, left ${(off - planned - 4000).toFixed(1)} ms off`,
        )
        expect(record).toMatchObject({ result: 'completed', underruns: 0, playedSeconds: 4 })
        expect(Math.abs(Number(record['startErrorMs']))).toBeLessThan(20)
        expect(Math.abs(on - planned)).toBeLessThan(WITHIN_MS)
        expect(Math.abs(off - planned - 4000)).toBeLessThan(WITHIN_MS)
      }
    },
    LONG,
  )

  test(
    'what did not sound is told: failed when nothing came, partial when the rest was heard',
    async () => {
      const { server, origin } = await station()
      await using _server = server
      await using bench = await Bench.running({ config: { content: { allow: [`${origin}/`] } } })
      const { observer } = bench
      const at = inMs(10_000)
      const stream = (...paths: readonly string[]) => ({
        stream: { format: 'aac', seconds: 3, urls: paths.map((path) => `${origin}${path}`) },
      })
      await observer.schedule(1, [
        itemAt('chet', at, { parts: [stream('/none')] }),
        itemAt('du-phong', at + 5000, { parts: [stream('/none', '/b')] }),
        itemAt('mot-phan', at + 10_000, { parts: [stream('/none'), { sound: 'chime' }] }),
        itemAt('ngoai', at + 15_000, {
          parts: [{ stream: { format: 'aac', seconds: 3, urls: ['http://127.0.0.1:9/live'] } }],
        }),
      ])
      await observer.until('reported', 'not armed', (body) => armed(body, 'chet') === false)
      const dead = { result: 'failed', reason: 'STREAM', playedSeconds: 0 }
      expect(await observer.record('chet', 30_000)).toMatchObject(dead)
      expect(await observer.record('du-phong', 30_000)).toMatchObject({ result: 'completed' })
      expect(await observer.record('mot-phan', 30_000)).toMatchObject({ result: 'partial', reason: 'STREAM' })
      expect(await observer.record('ngoai', 30_000)).toMatchObject(dead)
      expect(observer.records.some((record) => record['code'] === 'STREAM')).toBe(true)
    },
    LONG,
  )

  test(
    'a relay that was cut goes on live and ends on its second, and the next part follows it',
    async () => {
      const { server, origin } = await station()
      await using _server = server
      await using bench = await Bench.running({ config: { content: { allow: [`${origin}/`] } } })
      const { agent, observer } = bench
      const at = inMs(10_000)
      const stream = { format: 'aac', seconds: 14, urls: [`${origin}/a`] }
      await observer.schedule(1, [
        itemAt('tiep-song', at, { parts: [{ stream }, { pause: 1 }, { sound: 'chime' }] }),
        itemAt('uu-tien', at + 4000, { class: 'priority', parts: [{ sound: 'attention' }] }),
      ])
      const cutter = await observer.record('uu-tien', 60_000)
      const record = await observer.record('tiep-song', 60_000)
      const relayEnds = at + 14_000
      const off = await eventually('the relay is silent', () =>
        agent.sounds.find((sound) => sound.off !== undefined && Math.abs(sound.off - relayEnds) < 500),
      )
      console.log(`a relay that was cut left ${((off.off ?? 0) - relayEnds).toFixed(1)} ms off its second`)
      expect(record).toMatchObject({ result: 'partial', reason: 'LATE', cuts: 1 })
      const whole = 14 + 1 + SOUND_FRAMES.chime / FRAMES_PER_SECOND
      const heard = Number(record['playedSeconds']) + Number(cutter['playedSeconds'])
      expect(Math.abs(heard - whole)).toBeLessThan(0.1)
      expect(Math.abs((off.off ?? 0) - relayEnds)).toBeLessThan(WITHIN_MS)
      expect(agent.sounds.some(({ on }) => Math.abs(on - relayEnds - 1000) < WITHIN_MS)).toBe(true)
    },
    LONG,
  )
})
