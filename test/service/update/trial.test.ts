import { describe, expect, test } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import { packageOnly } from '../../../agent/core/update/slots.ts'
import { startOfOld, startOfTrial, updateBench } from './update-bench.ts'

describe('a trial', () => {
  const onTrial = async () => {
    const old = updateBench()
    old.order('u-1')
    await old.pass(20)
    return startOfTrial(old)
  }

  test('of a release whose sound device does not open ends with a fault, and the one before tells of it', async () => {
    const bench = await onTrial()
    bench.seen.sound = 'fault'
    await bench.pass(299)
    expect(bench.seen.failure).toBe(undefined)
    await bench.pass(10)
    expect(bench.seen.failure).toMatchObject({ code: 'UPDATE' })
    expect(bench.desk.asked.at(-1)).toMatchObject({ op: 'sick', reason: 'the sound device does not open' })
    const old = await startOfOld(bench)
    await old.pass(10)
    expect(old.events).toEqual([
      { code: 'UPDATE', data: expect.objectContaining({ state: 'back', version: '1.2.0', id: 'u-1' }) },
    ])
    expect(old.updating.report).toMatchObject({ id: 'u-1', state: 'back', version: '1.2.0' })
    old.order('u-2')
    await old.pass(10)
    expect(old.updating.report).toMatchObject({ id: 'u-2', state: 'refused', code: 'OLD_REVISION' })
    expect(old.seen.restarts).toBe(0)
    await old.end()
  })

  test('on a disk that takes no request is told of once, and asked for again', async () => {
    const bench = await onTrial()
    const ask = bench.desk.ask.bind(bench.desk)
    bench.desk.ask = () => Promise.reject(new LoaError('DISK_FULL', 'no room'))
    await bench.pass(900)
    expect(bench.told()).toEqual(['trial'])
    bench.desk.ask = ask
    await bench.pass(310)
    expect(bench.told()).toEqual(['trial', 'done'])
    await bench.end()
  })

  test('does not cut what sounds to go back', async () => {
    const bench = await onTrial()
    bench.seen.sound = 'fault'
    bench.seen.waits = { for: 'playing', item: 'x' }
    await bench.pass(900)
    expect(bench.seen.failure).toBe(undefined)
    bench.seen.waits = undefined
    await bench.pass(5)
    expect(bench.seen.failure).toBeInstanceOf(LoaError)
    await bench.end()
  })

  test('waits up to a day for a broker that no connection reaches, and is then decided without it', async () => {
    const bench = await onTrial()
    bench.seen.connected = false
    await bench.pass(23 * 3600)
    expect([bench.seen.failure, bench.updating.report.state]).toEqual([undefined, 'trial'])
    await bench.pass(2 * 3600)
    expect(bench.updating.report.state).toBe('done')
    await bench.end()
  })

  test('of a release that a broker shuts out is over', async () => {
    const bench = await onTrial()
    bench.seen.connected = false
    bench.seen.answers = true
    await bench.pass(310)
    expect(bench.desk.asked.at(-1)).toMatchObject({ op: 'sick' })
    await bench.end()
  })

  test('goes on when the job is called off meanwhile', async () => {
    const bench = await onTrial()
    await bench.pass(10)
    bench.order('u-2', { op: 'cancel' })
    await bench.pass(300)
    expect(bench.desk.slotsNow).toMatchObject({ committed: { version: '1.2.0' } })
    await bench.end()
  })
})

test('a slot that was found damaged is told once', async () => {
  const bench = updateBench()
  bench.desk.slotsNow = {
    ...packageOnly('0.9.0'),
    last: { result: 'back', code: 'STORAGE', message: 'the files of 1.2.0 in slot a are damaged' },
  }
  await bench.pass(5)
  await bench.end()
  expect(bench.events).toEqual([
    { code: 'UPDATE', data: expect.objectContaining({ state: 'back', code: 'STORAGE' }) },
  ])
  const again = updateBench(bench)
  await again.pass(5)
  expect(again.events).toEqual([])
  await again.end()
})
