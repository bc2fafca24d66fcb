import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Bench } from '../rig/bench.ts'
import { canMount } from '../rig/can-mount.ts'
import { flood } from '../rig/documents.ts'
import { chainFaults } from '../rig/observer.ts'

let card = ''
afterEach(() => {
  if (card === '') return
  execFileSync('umount', [card])
  rmSync(card, { recursive: true })
})

describe.skipIf(!canMount)('a card that is read-only from the start', () => {
  test('has alerts sound all the same, in safe mode; once it can be written a start is as ever', async () => {
    card = mkdtempSync(join(tmpdir(), 'loa-card-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', card])
    await using bench = await Bench.open({ config: { paths: { state: card } } })
    const { agent, observer } = bench
    await agent.start()
    const before = String((await observer.event('DATABASE')).epoch)
    await agent.stop()
    execFileSync('mount', ['-o', 'remount,ro', card])
    await agent.start()
    await agent.says('EROFS: read-only file system')
    const { health, problems, safeMode } = await agent.status()
    expect([health, safeMode?.part]).toEqual(['fault', 'state'])
    expect(problems.map(({ code }) => code)).toEqual(expect.arrayContaining(['DATABASE', 'SAFE_MODE']))
    await observer.document('75', 'alert', flood(1))
    expect(await observer.record('lu')).toMatchObject({ result: 'completed', class: 'emergency' })
    const since = observer.records.filter(({ epoch }) => epoch !== before)
    expect(since[0]).toMatchObject({ code: 'DATABASE', data: { previousEpoch: before } })
    expect(chainFaults(since)).toEqual([])
    await observer.document('75', 'alert', { ...flood(2), alerts: [] })
    expect(await agent.stop()).toEqual({ code: 0, signal: null })
    execFileSync('mount', ['-o', 'remount,rw', card])
    await agent.start()
    const after = await agent.status()
    expect(after.safeMode).toBeUndefined()
    expect(after.problems.map(({ code }) => code)).not.toContain('DATABASE')
  })
})
