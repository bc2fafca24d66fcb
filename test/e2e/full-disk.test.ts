import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { canMount } from '../rig/can-mount.ts'
import { eventually } from '../rig/eventually.ts'

let card = ''
afterEach(() => {
  if (card === '') return
  execFileSync('umount', [card])
  rmSync(card, { recursive: true })
})

/** A receiver whose card is small. */
const openBench = async (): Promise<Bench> => {
  card = mkdtempSync(join(tmpdir(), 'loa-card-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', card])
  return await Bench.open({ config: { paths: { state: card } } })
}

const fillUp = (folder: string): string => {
  const file = join(folder, 'somebody-else')
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(file, Buffer.alloc(bavail * bsize))
  return file
}

describe.skipIf(!canMount)('T17 a disk that is full to the last byte', () => {
  test('does not keep an alert from sounding; with room again its records are there and new media come', async () => {
    await using bench = await openBench()
    const { agent, observer } = bench
    await agent.start()
    await observer.until('reported', 'there', () => true)
    const filler = fillUp(card)
    const iat = new Date().toISOString()
    const alert = {
      id: 'lu',
      event: 'flood',
      severity: 'extreme',
      headline: { vi: 'LŨ' },
      siren: { onSeconds: 3, offSeconds: 1, cycles: 1 },
      until: new Date(Date.now() + 600_000).toISOString(),
    }
    await observer.document('75', 'alert', { kind: 'alert', v: 1, area: '75', rev: 1, iat, alerts: [alert] })
    await agent.heard('on')
    await eventually('it has sounded', () => agent.sounds[0]?.off)
    const { problems } = await eventually('it says so', async () => {
      const status = await agent.status()
      return status.problems.some(({ code }) => code === 'DISK_FULL') ? status : undefined
    })
    expect(problems.map(({ code }) => code)).toContain('DISK_FULL')

    rmSync(filler)
    expect(await observer.record('lu')).toMatchObject({ result: 'completed', document: '75/alert' })
    const at = inMs(8000)
    await observer.schedule(1, [
      itemAt('tin', at, { parts: [bench.serve(toneMp3(2), 2)], late: { policy: 'play', withinSeconds: 90 } }),
    ])
    expect(await observer.record('tin', 90_000)).toMatchObject({ result: 'completed' })
  }, 180_000)
})
