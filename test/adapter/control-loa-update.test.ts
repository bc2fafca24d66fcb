import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LoaError } from '../../agent/core/error.ts'
import { fakeAgent, statusReport } from '../fakes/control-handlers.ts'
import { linesOf, openLoaBench } from '../fakes/loa-bench.ts'

let bench: ReturnType<typeof openLoaBench>
beforeEach(() => {
  bench = openLoaBench()
})
afterEach(() => bench[Symbol.dispose]())

const release = (): string => {
  const file = join(bench.folder, 'r.loa')
  writeFileSync(file, `aa.bb.cc\n${'x'.repeat(200_000)}`)
  return file
}

describe('loa update', () => {
  test('hands the file over and tells how it goes until the agent ends for the trial', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    const file = release()
    const { code, out } = await bench.call(['update', file])
    expect(code).toBe(0)
    expect(agent.asked).toContainEqual({ verb: 'update', args: { bytes: 200_009 } })
    expect(Buffer.concat(agent.received).length).toBe(200_009)
    expect(linesOf(out).slice(1, 4)).toEqual([
      '1.2.0: being fetched, 50 %',
      '1.2.0: unpacked, waits for quiet - for the end of tin-sang',
      '1.2.0: on trial',
    ])
    expect(linesOf(out).at(-1)).toContain('the one before comes back by itself')
  })

  test('with --json prints how it stood last, and in Vietnamese tells it in Vietnamese', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    const { out } = await bench.call(['update', release(), '--json'])
    expect(JSON.parse(out)).toMatchObject({ state: 'trial', version: '1.2.0' })
    const { out: vi } = await bench.call(['update', release(), '--lang', 'vi'])
    expect(vi).toContain('1.2.0: đang chạy thử')
  })

  test('says what is wrong with a file before anything is sent', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    const other = join(bench.folder, 'other.deb')
    writeFileSync(other, '!<arch>\ndebian-binary')
    mkdirSync(join(bench.folder, 'folder'))
    const words = [other, join(bench.folder, 'none.loa'), join(bench.folder, 'folder')]
    for (const file of words) {
      const { code, err } = await bench.call(['update', file])
      expect([file, code]).toEqual([file, 2])
      expect(err).toContain(file)
    }
    expect((await bench.call(['update'])).code).toBe(2)
    expect((await bench.call(['update', other, '--status'])).code).toBe(2)
    expect(agent.asked.filter(({ verb }) => verb === 'update')).toEqual([])
  })

  test('tells why the agent refuses it', async () => {
    const agent = fakeAgent({
      update: {
        // biome-ignore lint/correctness/useYield: it is refused before there is anything to tell
        async *stream() {
          throw new LoaError('OLD_REVISION', '1.2.0 is not above 1.3.0, which is committed')
        },
      },
    })
    await using _server = await bench.serve(agent.handlers)
    const { code, err } = await bench.call(['update', release()])
    expect(code).toBe(1)
    expect(err).toContain('1.2.0 is not above 1.3.0, which is committed')
  })

  test('--status tells of the last one, --cancel calls it off; loa status has a line of it', async () => {
    const update = {
      id: 'u-1',
      by: 'job',
      state: 'back',
      version: '1.2.0',
      message: 'three bad starts',
    } as const
    const report = { ...statusReport, update }
    const agent = fakeAgent({ status: { answer: () => report } })
    await using _server = await bench.serve(agent.handlers)
    const { code, out } = await bench.call(['update', '--status'])
    expect([code, linesOf(out)]).toEqual([0, ['1.2.0: gone back from it - three bad starts']])
    expect(JSON.parse((await bench.call(['update', '--status', '--json'])).out)).toEqual(update)
    expect((await bench.call(['status'])).out).toContain('1.2.0: gone back from it')
    const cancelled = await bench.call(['update', '--cancel'])
    expect([cancelled.code, agent.asked.some(({ verb }) => verb === 'update-cancel')]).toEqual([1, true])
  })
})
