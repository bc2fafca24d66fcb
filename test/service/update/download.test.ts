import { describe, expect, test } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import { PACKAGE, releaseOf, sha256, URL_A, URL_B, updateBench } from './update-bench.ts'

describe('a download', () => {
  test('goes on at another server where one broke off', async () => {
    const bench = updateBench()
    bench.servers.serve = (url, offset) =>
      url === URL_A
        ? [PACKAGE.subarray(offset, offset + 4000), new LoaError('NO_MEDIA', 'ended early')]
        : [PACKAGE.subarray(offset)]
    bench.order('u-1')
    await bench.pass(10)
    expect(bench.servers.asked).toEqual([
      { url: URL_A, offset: 0 },
      { url: URL_B, offset: 4000 },
    ])
    expect(bench.seen.restarts).toBe(1)
    await bench.end()
  })

  test('with wrong bytes is thrown away and taken from another server', async () => {
    const bench = updateBench()
    bench.servers.serve = (url) => [url === URL_A ? Buffer.alloc(PACKAGE.length) : PACKAGE]
    bench.order('u-1')
    await bench.pass(10)
    expect(bench.servers.asked.map(({ url }) => url)).toEqual([URL_A, URL_B])
    expect(bench.seen.restarts).toBe(1)
    await bench.end()
  })

  test('asks servers that fail less and less often', async () => {
    const bench = updateBench()
    bench.servers.serve = () => [new LoaError('NO_MEDIA', 'nobody answers')]
    bench.order('u-1')
    await bench.pass(3600)
    expect(bench.updating.report).toMatchObject({ state: 'waiting', progress: 0, waits: { for: 'server' } })
    expect(bench.servers.asked.length).toBeLessThan(40)
    await bench.end()
  })

  test('waits while something goes before it or the disk is full', async () => {
    const bench = updateBench()
    bench.seen.hold = { for: 'alert', item: 'lut' }
    bench.order('u-1')
    await bench.pass(10)
    expect(bench.updating.report).toMatchObject({ state: 'waiting', waits: { for: 'alert' } })
    bench.seen.hold = undefined
    bench.seen.room = false
    await bench.pass(10)
    expect(bench.updating.report).toMatchObject({ state: 'waiting', waits: { for: 'disk' } })
    expect(bench.servers.asked).toEqual([])
    bench.seen.room = true
    await bench.pass(70)
    expect(bench.seen.restarts).toBe(1)
    await bench.end()
  })

  test('of a release without a place that is allowed is refused', async () => {
    const bench = updateBench()
    const file = {
      arch: 'arm64',
      sha256,
      bytes: PACKAGE.length,
      urls: ['http://elsewhere.example/'],
    } as const
    bench.order('u-1', { release: releaseOf('1.2.0', { files: [file] }) })
    await bench.pass(5)
    expect(bench.updating.report).toMatchObject({ state: 'refused', code: 'NO_MEDIA' })
    await bench.end()
  })
})
