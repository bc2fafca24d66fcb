import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { Desk, Signer } from './desk.ts'

const officer = new Signer('officer')
const opened: StateStore[] = []
let directory = ''
afterEach(async () => {
  for (const store of opened.splice(0)) await store[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true })
})

const openStore = (desk: Desk): StateStore => {
  const store = openStateDb({
    directory,
    machineId: 'm-1',
    wall: () => desk.clock.wall(),
    log: { warn: () => undefined },
    mirroredFacts: ['clock.floor'],
  })
  opened.push(store)
  return store
}

/** A device that has held two alerts, one after the other, and what somebody recorded of them. */
const recorded = () => {
  directory = mkdtempSync(join(tmpdir(), 'loa-replay-'))
  const desk = new Desk()
  desk.restart(openStore(desk))
  const alert = (rev: number, iat = desk.at(0)) =>
    officer.sign('alert', { kind: 'alert', v: 1, area: '75/26068', rev, iat, alerts: [] })
  const trust = desk.trustMessage(1, [desk.grant(officer)])
  const [old, newer] = [alert(1), alert(2)]
  desk.receive('trust', trust, '75')
  for (const message of [old, newer]) desk.receive('alert', message)
  return { desk, old, newer, trust, alert }
}
const restart = async (desk: Desk): Promise<void> => {
  for (const store of opened.splice(0)) await store[Symbol.asyncDispose]()
  desk.restart(openStore(desk))
}
const rev = (desk: Desk) => desk.intake.revisions['75/26068/alert']
const refused = (desk: Desk) => desk.refusals.recent.find(({ document }) => document === '75/26068/alert')
const damage = (name: string): void => writeFileSync(join(directory, name), Buffer.alloc(8192, 0x55))

describe('T03 a recorded alert', () => {
  test('is refused after a restart', async () => {
    const { desk, old } = recorded()
    await restart(desk)
    desk.receive('alert', old)
    expect([rev(desk), refused(desk)?.code]).toEqual([2, 'OLD_REVISION'])
  })

  test('is refused after a restart with the clock unset', async () => {
    const { desk, old } = recorded()
    desk.clock.step(-20 * 365 * 86_400_000)
    desk.synchronised = false
    await restart(desk)
    expect(desk.time.state).toBe('unset')
    desk.receive('alert', old)
    expect([rev(desk), refused(desk)?.code]).toEqual([2, 'OLD_REVISION'])
  })

  test('is refused when state.db was lost: trust is there at once, and the newest comes back from the broker', async () => {
    const { desk, old, newer } = recorded()
    await Promise.all(opened.splice(0).map((store) => store[Symbol.asyncDispose]()))
    damage('state.db')
    desk.restart(openStore(desk))
    expect(desk.intake.inForce('trust').length).toBe(1)
    desk.receive('alert', old)
    expect([rev(desk), refused(desk)?.code]).toEqual([undefined, 'OLD_REVISION'])
    desk.receive('alert', newer)
    expect(rev(desk)).toBe(2)
  })

  test('is refused by its age when state.db and its mirrors were lost, at every start until there is a newer one', async () => {
    const { desk, trust, alert } = recorded()
    const recordedLongAgo = alert(3, desk.at(-36 * 86_400))
    await Promise.all(opened.splice(0).map((store) => store[Symbol.asyncDispose]()))
    for (const name of ['state.db', 'facts.json', 'trust.json']) damage(name)
    for (const _start of [1, 2]) {
      await restart(desk)
      desk.receive('alert', recordedLongAgo)
      desk.receive('trust', trust, '75')
      expect([rev(desk), refused(desk)?.code]).toEqual([undefined, 'OLD_REVISION'])
    }
    desk.receive('alert', alert(4))
    expect(rev(desk)).toBe(4)
  })
})
