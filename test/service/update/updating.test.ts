import { describe, expect, test } from 'vitest'
import { packageOnly } from '../../../agent/core/update/slots.ts'
import { releaseOf, sha256, startOfTrial, updateBench } from './update-bench.ts'

const STAGED = { slot: 'a', version: '1.2.0', sha256 } as const

describe('a job', () => {
  test('is fetched, staged, tried when it is quiet, and done after a trial that went well; it is never done again', async () => {
    const old = updateBench()
    old.order('u-1')
    await old.pass(20)
    expect(old.seen.restarts).toBe(1)
    expect(old.desk.asked.map(({ op }) => op)).toEqual(['stage', 'try'])
    expect(old.desk.asked.at(-1)).toMatchObject({ before: { sound: true, broker: true } })
    expect(old.updating.report).toMatchObject({ id: 'u-1', state: 'trial', version: '1.2.0' })
    const fresh = await startOfTrial(old)
    await fresh.pass(290)
    expect(fresh.updating.report).toMatchObject({ id: 'u-1', state: 'trial' })
    await fresh.pass(20)
    expect(fresh.desk.slotsNow).toMatchObject({ committed: { slot: 'a', version: '1.2.0' } })
    expect(fresh.updating.report).toMatchObject({ id: 'u-1', state: 'done' })
    expect(fresh.told()).toEqual(['trial', 'done'])
    expect(fresh.desk.release()).toBe(undefined)
    await fresh.end()
    const again = updateBench(fresh)
    await again.pass(60)
    expect([again.told(), again.servers.asked, again.updating.report.state]).toEqual([[], [], 'done'])
    await again.end()
  })

  test('waits with its release staged while something plays or is due, and says for what', async () => {
    const bench = updateBench()
    bench.seen.waits = { for: 'playing', item: 'tin-sang', until: '2026-11-22T03:10:00.000Z' }
    bench.order('u-1')
    await bench.pass(600)
    expect(bench.updating.report).toEqual({
      id: 'u-1',
      by: 'job',
      state: 'staged',
      version: '1.2.0',
      waits: bench.seen.waits,
    })
    expect(bench.seen.restarts).toBe(0)
    bench.seen.waits = undefined
    await bench.pass(5)
    expect(bench.seen.restarts).toBe(1)
    await bench.end()
  })

  test('whose trial was granted does not end the agent when an alert has come meanwhile', async () => {
    const bench = updateBench()
    bench.order('u-1')
    const answer = bench.desk.onAsk
    bench.desk.onAsk = (request) => {
      answer(request)
      if (request.op === 'try') bench.seen.waits = { for: 'alert', item: 'lut' }
    }
    await bench.pass(60)
    expect([bench.seen.restarts, bench.updating.report.waits]).toEqual([0, { for: 'alert', item: 'lut' }])
    bench.seen.waits = undefined
    await bench.pass(2)
    expect(bench.seen.restarts).toBe(1)
    await bench.end()
  })

  test('does not begin before its time', async () => {
    const bench = updateBench()
    const notBefore = new Date(bench.clock.wall() + 60_000).toISOString()
    bench.order('u-1', { notBefore })
    await bench.pass(50)
    expect(bench.updating.report).toMatchObject({
      state: 'waiting',
      waits: { for: 'not-before', until: notBefore },
    })
    expect(bench.servers.asked).toEqual([])
    await bench.pass(30)
    expect(bench.seen.restarts).toBe(1)
    await bench.end()
  })

  test.each([
    ['older than what is committed', releaseOf('0.8.0'), 'OLD_REVISION'],
    ['of another machine', releaseOf('1.2.0', { files: [] }), 'UNSUPPORTED'],
    ['over its date', releaseOf('1.2.0', { exp: '2026-11-01T00:00:00Z' }), 'EXPIRED'],
    ['for later releases', releaseOf('1.2.0', { from: '1.0.0' }), 'UNSUPPORTED'],
  ])('T21 with a release %s is refused, and nothing is fetched', async (_, release, code) => {
    const bench = updateBench()
    bench.order('u-1', { release })
    await bench.pass(10)
    expect(bench.updating.report).toMatchObject({ id: 'u-1', state: 'refused', code })
    expect([bench.told(), bench.servers.asked, bench.desk.asked]).toEqual([['refused'], [], []])
    await bench.end()
    const again = updateBench(bench)
    await again.pass(10)
    expect(again.told()).toEqual([])
    await again.end()
  })

  test('T21 with a forged release is refused; the next job is taken', async () => {
    const bench = updateBench()
    bench.order('u-1')
    bench.seen.releases.clear()
    await bench.pass(5)
    expect(bench.updating.report).toMatchObject({ state: 'refused', code: 'BAD_SIGNATURE' })
    bench.order('u-2')
    await bench.pass(10)
    expect(bench.seen.restarts).toBe(1)
    await bench.end()
  })

  test('is refused where no updater looks after this program', async () => {
    const bench = updateBench()
    bench.desk.running = undefined
    bench.order('u-1')
    await bench.pass(5)
    expect(bench.updating.report).toMatchObject({ state: 'refused', code: 'UNSUPPORTED' })
    await bench.end()
  })

  test('is called off by a later one: what is staged is forgotten', async () => {
    const bench = updateBench()
    bench.seen.waits = { for: 'due', item: 'tin-sang' }
    bench.order('u-1')
    await bench.pass(10)
    bench.order('u-2', { op: 'cancel' })
    await bench.pass(5)
    expect(bench.updating.report).toMatchObject({ id: 'u-2', state: 'cancelled' })
    expect([bench.desk.slotsNow?.staged, bench.desk.release()]).toEqual([undefined, undefined])
    bench.seen.waits = undefined
    await bench.pass(30)
    expect(bench.seen.restarts).toBe(0)
    await bench.end()
  })

  test('that no granted key signs any more is called off', async () => {
    const bench = updateBench()
    bench.seen.hold = { for: 'night' }
    bench.order('u-1')
    await bench.pass(5)
    bench.seen.job = undefined
    bench.updating.reconsider()
    await bench.pass(5)
    expect(bench.updating.report).toMatchObject({ id: 'u-1', state: 'cancelled' })
    await bench.end()
  })

  test('can be called off on the spot', async () => {
    const bench = updateBench()
    bench.seen.waits = { for: 'due', item: 'tin-sang' }
    bench.order('u-1')
    await bench.pass(10)
    expect(bench.updating.cancel('on the spot')).toBe(true)
    await bench.pass(5)
    expect([bench.updating.report.state, bench.desk.slotsNow?.staged]).toEqual(['cancelled', undefined])
    await bench.end()
  })

  test('is taken up again at every step after the agent died there', async () => {
    const bench = updateBench()
    bench.desk.slotsNow = { ...packageOnly('0.9.0'), staged: STAGED }
    bench.seen.waits = { for: 'playing', item: 'x' }
    bench.order('u-1')
    await bench.pass(5)
    expect([bench.updating.report.state, bench.servers.asked, bench.desk.asked]).toEqual(['staged', [], []])
    await bench.end()
  })

  test('of which the updater says nothing waits for it, and asks again later', async () => {
    const bench = updateBench()
    bench.desk.onAsk = () => undefined
    bench.order('u-1')
    await bench.pass(16 * 60)
    expect(new Set(bench.desk.asked.map(({ id }) => id)).size).toBe(1)
    expect(bench.updating.report).toMatchObject({ state: 'waiting', waits: { for: 'updater' } })
    await bench.pass(11 * 60)
    expect(new Set(bench.desk.asked.map(({ id }) => id)).size).toBe(2)
    await bench.end()
  })

  test('that the updater refuses has failed, with its words', async () => {
    const bench = updateBench()
    bench.desk.onAsk = ({ id }) =>
      bench.tell({ kind: 'refuse', request: id, code: 'BAD_MEDIA', message: 'no Debian package' })
    bench.order('u-1')
    await bench.pass(10)
    const refused = { state: 'failed', code: 'BAD_MEDIA', message: 'no Debian package' }
    expect(bench.updating.report).toMatchObject(refused)
    await bench.end()
  })

  test.each([
    ['DISK_FULL', 'disk'],
    ['BUSY', 'update'],
  ] as const)('that the updater cannot stage for %s is staged later', async (code, waits) => {
    const bench = updateBench()
    const answer = bench.desk.onAsk
    bench.desk.onAsk = ({ id }) => bench.tell({ kind: 'refuse', request: id, code, message: 'x' })
    bench.order('u-1')
    await bench.pass(60)
    expect(bench.updating.report).toMatchObject({ state: 'waiting', waits: { for: waits } })
    bench.desk.onAsk = answer
    await bench.pass(11 * 60)
    expect(bench.seen.restarts).toBe(1)
    await bench.end()
  })

  test('ends the agent again when the power failed between the count of a start and the change of the slot', async () => {
    const bench = updateBench()
    bench.order('u-1')
    await bench.pass(20)
    await bench.end()
    bench.tell({ kind: 'start', at: '2026-11-26T00:00:00.000Z' })
    const again = updateBench(bench)
    await again.pass(20)
    expect([again.seen.restarts, again.updating.report.state]).toEqual([1, 'trial'])
    await again.end()
  })

  test('ends no agent for a trial of which no chooser counts the starts', async () => {
    const bench = updateBench()
    bench.order('u-1')
    await bench.pass(20)
    await bench.end()
    const again = updateBench(bench)
    await again.pass(20)
    expect([again.seen.restarts, again.updating.report.state]).toEqual([0, 'failed'])
    await again.end()
  })
})
