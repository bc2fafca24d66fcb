import { describe, expect, test } from 'vitest'
import { ENCODINGS, makeSound } from '../fixtures/sounds.ts'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'

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
      const reported = await observer.until(
        'reported',
        'what is bad',
        (body) =>
          (body['next'] as { reason?: string }[]).filter(({ reason }) => reason === 'BAD_MEDIA').length === 4,
      )
      const { missing } = reported['media'] as { missing: string[] }
      expect(missing.toSorted()).toEqual([...bad, nowhere.audio.sha256].toSorted())

      for (const [index, item] of ['sai-ma', 'cut', 'trang'].entries()) {
        const record = await observer.record(item)
        expect(record).toMatchObject({ result: 'failed', reason: 'BAD_MEDIA', playedSeconds: 0, frames: 0 })
        expect(Date.parse(String(record['planned']))).toBe(at + index * 1000)
      }
      expect(await observer.record('khong-co')).toMatchObject({ result: 'failed', reason: 'NO_MEDIA' })
      expect(await observer.record('chuong')).toMatchObject({ result: 'failed', reason: 'BAD_MEDIA' })
      expect(agent.dac('on')).toEqual([])
      expect(agent.relay()).toEqual([])
      expect(await observer.record('tot')).toMatchObject({ result: 'completed', underruns: 0 })
      expect(agent.dac('on')).toHaveLength(1)
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
      expect(agent.dac('on')).toHaveLength(ENCODINGS.length)
    },
    LONG,
  )
})
