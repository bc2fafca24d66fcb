import { describe, expect, test } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import type { UpdateReport } from '../../../agent/core/update/progress.ts'
import { installLocal } from '../../../agent/services/update/local-install.ts'
import { PACKAGE, releaseOf, updateBench } from './update-bench.ts'

const JWS = 'jws.of.1.2.0'
const fileOf = (line: string, rest: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${line}\n`), rest])

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777)
}

/** Hands a file over and lets time pass until the agent has no more to say. */
const give = async (
  bench: ReturnType<typeof updateBench>,
  file: Uint8Array,
  bytes = file.length,
): Promise<{ readonly reports: UpdateReport[]; readonly fault: unknown }> => {
  const reports: UpdateReport[] = []
  let fault: unknown
  let over = false
  const gone = new AbortController()
  const giving = (async () => {
    try {
      for await (const report of installLocal(
        bench.parts,
        bench.updating,
        { bytes, body: pieces(file) },
        gone.signal,
      ))
        reports.push(report)
    } catch (error) {
      fault = error
    }
    over = true
  })()
  for (let second = 0; second < 30 && !over; second += 1) await bench.pass(1)
  gone.abort(new LoaError('IO', 'the client went away'))
  await giving
  return { reports, fault }
}

const bench = () => {
  const made = updateBench()
  made.seen.releases.set(JWS, releaseOf('1.2.0'))
  return made
}

describe('a release given on the spot', () => {
  test('is taken, tried, and told of until the agent ends for it', async () => {
    const made = bench()
    const { reports } = await give(made, fileOf(JWS, PACKAGE))
    expect(reports[0]).toMatchObject({ by: 'local', state: 'fetching', version: '1.2.0' })
    expect(reports.at(-1)).toMatchObject({ by: 'local', state: 'trial', version: '1.2.0' })
    expect(made.seen.restarts).toBe(1)
    expect(made.servers.asked).toEqual([])
    await made.end()
  })

  test('goes on when whoever gave it goes away', async () => {
    const made = bench()
    made.seen.waits = { for: 'playing', item: 'x' }
    await give(made, fileOf(JWS, PACKAGE))
    expect(made.updating.report).toMatchObject({ by: 'local', state: 'staged' })
    made.seen.waits = undefined
    await made.pass(5)
    expect(made.seen.restarts).toBe(1)
    await made.end()
  })

  test.each<[string, Buffer, string]>([
    ['that nobody signed', fileOf('x.y.z', PACKAGE), 'BAD_SIGNATURE'],
    ['that ends before its first line', Buffer.from('abc'), 'INVALID'],
    ['with no end of its first line', Buffer.alloc(70_000, 'a'), 'INVALID'],
    ['that was cut off', fileOf(JWS, PACKAGE.subarray(0, 9000)), 'INVALID'],
    ['with other bytes than were signed', fileOf(JWS, Buffer.alloc(PACKAGE.length)), 'BAD_MEDIA'],
  ])('%s is refused', async (_, file, code) => {
    const made = bench()
    const { fault } = await give(made, file)
    expect(fault).toMatchObject({ code })
    expect([made.desk.asked, made.updating.isBusy]).toEqual([[], false])
    await made.end()
  })

  test('T21 that is older is refused; so is one where no updater is, where there is no room, and beside another', async () => {
    const made = bench()
    made.seen.releases.set('jws.of.0.5.0', releaseOf('0.5.0'))
    expect((await give(made, fileOf('jws.of.0.5.0', PACKAGE))).fault).toMatchObject({ code: 'OLD_REVISION' })
    made.seen.room = false
    expect((await give(made, fileOf(JWS, PACKAGE))).fault).toMatchObject({ code: 'DISK_FULL' })
    made.seen.room = true
    made.seen.hold = { for: 'night' }
    made.order('u-1')
    await made.pass(2)
    expect((await give(made, fileOf(JWS, PACKAGE))).fault).toMatchObject({ code: 'BUSY' })
    made.desk.running = undefined
    expect((await give(made, fileOf(JWS, PACKAGE))).fault).toMatchObject({ code: 'UNSUPPORTED' })
    await made.end()
  })
})
