import { describe, expect, test } from 'vitest'
import { ENCODINGS, makeSound } from '../fixtures/sounds.ts'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { chainFaults } from '../rig/observer.ts'

const LONG = 90_000

const pageNamedMp3 = (): Uint8Array =>
  new TextEncoder().encode(`<!doctype html><title>404</title>${'<p>Không tìm thấy trang.</p>'.repeat(400)}`)

describe.concurrent('media', () => {
  test(
    'what is not the declared sound never plays, is reported, and harms nothing else',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(8000)
      const whole = toneMp3(4)
      const wrongDigest = bench.serve(whole, 4, { sha256: 'ab'.repeat(32) })
      const truncated = bench.serve(whole.subarray(0, whole.length / 2), 4)
      const page = bench.serve(pageNamedMp3(), 4)
      const nowhere = bench.serve(toneMp3(1), 1)
      bench.content.files.delete(`/c/${nowhere.audio.sha256}`)
      const late = { policy: 'skip', withinSeconds: 3 }
      await observer.schedule(1, [
        itemAt('sai-ma', at, { parts: [wrongDigest] }),
        itemAt('cut', at + 1000, { parts: [truncated] }),
        itemAt('trang', at + 2000, { parts: [page] }),
        itemAt('khong-co', at + 3000, { parts: [nowhere], late }),
        itemAt('chuong', at + 4000, { parts: [{ sound: 'chime' }, page] }),
        itemAt('tot', at + 9000, { parts: [bench.serve(toneMp3(2), 2)] }),
      ])

      const bad = [wrongDigest, truncated, page].map(({ audio }) => audio.sha256)
      await eventually('three files are found bad', async () => {
        const { stdout } = await agent.loa('media', '--json')
        const { files } = JSON.parse(stdout) as { files: { sha256: string; state: string; code?: string }[] }
        return bad.every((sha256) =>
          files.some((file) => file.sha256 === sha256 && file.state === 'bad' && file.code === 'BAD_MEDIA'),
        )
      })
      const missingIn = (body: Readonly<Record<string, unknown>>): readonly string[] =>
        (body['media'] as { missing: string[] }).missing
      const reported = await observer.until(
        'reported',
        'four missing',
        (body) => missingIn(body).length === 4,
      )
      expect(missingIn(reported).toSorted()).toEqual([...bad, nowhere.audio.sha256].toSorted())
      const reasons = new Map(
        (reported['next'] as { item: string; reason?: string }[]).map(({ item, reason }) => [item, reason]),
      )
      expect(reasons.get('chuong')).toBe('BAD_MEDIA')
      expect(reasons.get('tot')).toBeUndefined()

      for (const [index, item] of ['sai-ma', 'cut', 'trang'].entries()) {
        const record = await observer.record(item)
        expect(record).toMatchObject({ result: 'failed', reason: 'BAD_MEDIA', playedSeconds: 0, frames: 0 })
        expect(Date.parse(String(record['planned']))).toBe(at + index * 1000)
      }
      expect(await observer.record('khong-co')).toMatchObject({ result: 'failed', reason: 'NO_MEDIA' })
      expect(await observer.record('chuong')).toMatchObject({ result: 'failed', reason: 'BAD_MEDIA' })
      expect(agent.sounds).toEqual([])
      expect(agent.relay()).toEqual([])
      expect(await observer.record('tot')).toMatchObject({ result: 'completed', underruns: 0 })
      expect(agent.sounds).toHaveLength(1)
    },
    LONG,
  )

  test(
    'every format of the contract plays, one after the other',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(9000)
      const items = ENCODINGS.map(({ format, options }, index) =>
        itemAt(`dang-${index}`, at + index * 2000, {
          parts: [bench.serve(makeSound(1, options), 1, { format })],
        }),
      )
      await observer.schedule(1, items)
      const records = await Promise.all(ENCODINGS.map((_, index) => observer.record(`dang-${index}`, 40_000)))
      for (const [index, record] of records.entries()) {
        expect(record, ENCODINGS[index]?.name).toMatchObject({ result: 'completed', underruns: 0 })
        expect(Math.abs(Number(record['startErrorMs'])), ENCODINGS[index]?.name).toBeLessThan(20)
        expect(Number(record['playedSeconds']), ENCODINGS[index]?.name).toBeCloseTo(1, 0)
      }
      expect(agent.sounds).toHaveLength(ENCODINGS.length)
    },
    LONG,
  )
})

describe.concurrent('two items want the loudspeaker', () => {
  test(
    'a priority item cuts a normal one at its second, and the normal one goes on where it was',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(6000)
      await observer.schedule(1, [
        itemAt('thuong', at, { parts: [bench.serve(toneMp3(8), 8)] }),
        // A pause first, so that the seam can be heard on the card.
        itemAt('uu-tien', at + 3000, {
          class: 'priority',
          parts: [{ pause: 1 }, bench.serve(toneMp3(2), 2), { pause: 1 }],
        }),
      ])
      const ordinary = await observer.record('thuong')
      const urgent = await observer.record('uu-tien')
      const ons = agent.sounds.map(({ on }) => on - at)
      const offs = agent.sounds.map(({ off }) => Number(off) - at)
      expect(ons).toHaveLength(3)
      const near = (value: number | undefined, expected: number) =>
        expect(Math.abs(Number(value) - expected), `${value} for ${expected}`).toBeLessThan(60)
      near(ons[0], 0)
      near(offs[0], 3000)
      near(ons[1], 4000)
      near(offs[1], 6000)
      // Back as soon as the cutter has ended, from where it was cut.
      expect(ons[2]).toBeGreaterThan(6990)
      expect(ons[2]).toBeLessThan(9000)
      near(Number(offs[2]) - Number(ons[2]), 5000)
      expect(urgent).toMatchObject({ result: 'completed', class: 'priority' })
      expect(Math.abs(Number(urgent['startErrorMs']))).toBeLessThan(20)
      expect(ordinary).toMatchObject({ result: 'completed', cuts: 1 })
      expect(Number(ordinary['playedSeconds'])).toBeCloseTo(8, 0)
      // One broadcast for the neighbours: the relay stays closed throughout.
      expect(agent.relay().filter(({ on }) => on)).toHaveLength(1)
    },
    LONG,
  )

  test(
    'of equals the later one waits for the end of the first, and one that is dropped when cut is preempted',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(6000)
      const short = [bench.serve(toneMp3(2), 2)]
      await observer.schedule(1, [
        itemAt('mot', at, { parts: [bench.serve(toneMp3(3), 3)] }),
        itemAt('hai', at + 1000, { parts: [{ pause: 1 }, ...short, { pause: 1 }], onPreempt: 'drop' }),
        itemAt('ba', at + 5000, { parts: [{ pause: 1 }, ...short], class: 'priority' }),
      ])
      expect(await observer.record('mot')).toMatchObject({ result: 'completed' })
      expect(await observer.record('hai')).toMatchObject({ result: 'preempted', reason: 'PREEMPTED' })
      expect(await observer.record('ba')).toMatchObject({ result: 'completed' })
      const ons = agent.sounds.map(({ on }) => on - at)
      expect(ons).toHaveLength(3)
      expect(Math.abs(Number(ons[1]) - 4000)).toBeLessThan(200)
      expect(Math.abs(Number(ons[2]) - 6000)).toBeLessThan(60)
    },
    LONG,
  )
})

/** Loose: a virtual card on a busy machine. The figure is printed. */
const START_WITHIN_MS = 20

describe.concurrent.each([5, 4] as const)('over MQTT protocol %i', (protocol) => {
  test(
    'a schedule published eight seconds ahead is heard at its second, with relay, sign, record and acknowledgement',
    async () => {
      await using bench = await Bench.running({ protocol, config: { heartbeat: { intervalSeconds: 10 } } })
      const { agent, observer } = bench
      const at = inMs(8000)
      const pages = [{ text: 'Họp thôn 19:30', mode: 'still', color: 'amber', seconds: 10 }]
      await observer.schedule(1, [
        itemAt('tin-xa', at, { parts: [bench.serve(toneMp3(3), 3)], sign: { signs: ['gate'], pages } }),
      ])

      const on = await agent.heard('on')
      const error = on - at
      console.log(`protocol ${protocol}: sound ${error.toFixed(2)} ms after its second`)
      expect(Math.abs(error)).toBeLessThan(START_WITHIN_MS)
      const off = await agent.heard('off')
      expect(off - on).toBeGreaterThan(2900)
      expect(off - on).toBeLessThan(3100)
      expect(await agent.relayed(true)).toBeLessThan(on)
      expect(await agent.relayed(false)).toBeGreaterThan(off)

      const record = await observer.record('tin-xa')
      expect(record).toMatchObject({
        document: '75/26068/schedule',
        rev: 1,
        class: 'normal',
        tier: 'commune',
        planned: new Date(at).toISOString(),
        result: 'completed',
        underruns: 0,
        volume: 70,
      })
      expect(record['playedSeconds']).toBeCloseTo(3, 1)
      expect(Math.abs(Number(record['startErrorMs']))).toBeLessThan(START_WITHIN_MS)
      expect(record['reason']).toBeUndefined()
      expect(chainFaults(observer.records)).toEqual([])
      const texts = agent.sign().map(({ text }) => text)
      expect(texts).toContain('Họp thôn 19:30')
      await eventually('the sign is cleared', () => agent.sign().at(-1)?.text === '')

      const last = observer.records.at(-1)
      if (last === undefined) throw new Error('no records')
      await observer.acknowledge(last)
      await eventually('the outbox is empty', async () => (await agent.status()).outbox === 0)
      await observer.until('heartbeat', 'an empty outbox', (body) => body['outbox'] === 0)

      const before = observer.deliveries.length
      const births = observer.of('state').length
      await bench.broker.restart()
      await observer.until('state', 'born again', () => observer.of('state').length > births)
      await observer.until('heartbeat', 'still nothing to send', (body) => body['outbox'] === 0)
      expect(observer.deliveries.length).toBe(before)
    },
    LONG,
  )
})
