import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readArguments } from '../../scripts/source-system/arguments.ts'
import { readKey } from '../../scripts/source-system/keys.ts'
import { seal } from '../../scripts/source-system/sign.ts'
import type { Verb } from '../../scripts/source-system/verb.ts'
import { keys } from '../../scripts/source-system/verbs/keys.ts'
import { trust } from '../../scripts/source-system/verbs/trust.ts'
import { Desk } from '../service/intake/desk.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-trust-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** One call of `province VERB --dir D --json …` and the value it prints. */
const call = async (verb: Verb, ...words: readonly string[]) => {
  const out: string[] = []
  const args = readArguments(['--dir', folder, ...words], { ...verb.options, json: { type: 'boolean' } })
  await verb.run(args, {
    out: (line) => out.push(line),
    note: () => undefined,
    json: true,
    terminal: false,
    stop: new AbortController().signal,
    read: () => Promise.reject(new Error('reads nothing')),
  })
  return JSON.parse(out.join('\n'))
}

/** A device with the root keys of the folder; it takes the trust document that lies there now. */
const device = async () => {
  const desk = new Desk()
  desk.clock.step(Date.now() - desk.clock.wall())
  const { security } = await call(keys, '--commune', '75/26068')
  desk.rootKeys = security.rootKeys
  desk.open('required', security.threshold)
  const takeTrust = () => {
    desk.clock.step(Date.now() + 1000 - desk.clock.wall())
    desk.receive('trust', readFileSync(join(folder, 'trust.jws.json')), '75')
  }
  const publish = async (kid: string, rev: number) => {
    const message = seal('schedule', Buffer.from(JSON.stringify(desk.schedule(rev))), [
      await readKey(join(folder, `${kid}.jwk`)),
    ])
    desk.receive('schedule', Buffer.from(message))
    return desk.heldRev
  }
  takeTrust()
  return { desk, takeTrust, publish }
}

describe('a drill', () => {
  test('a key is rotated without a gap, and revoked: devices go back to what a granted key signed', async () => {
    const { desk, takeTrust, publish } = await device()
    expect(await publish('p-75', 1)).toBe(1)
    const rotated = await call(trust, 'rotate', 'p-75')
    expect(rotated.keys.map(({ kid }: { kid: string }) => kid)).toEqual(['p-75', 'c-75-26068', 'p-75.2'])
    takeTrust()
    expect(await publish('p-75.2', 2)).toBe(2)
    expect(await publish('p-75', 3)).toBe(3)
    await call(trust, 'revoke', 'p-75')
    takeTrust()
    expect(desk.heldRev).toBe(2)
    expect(await publish('p-75', 4)).toBe(2)
    expect(await publish('p-75.2', 3)).toBe(3)
  })

  test('a part of the work is delegated to a key of its own, and no more', async () => {
    const { desk, takeTrust } = await device()
    const granted = await call(
      trust,
      ...['grant', 'flood-centre', '--area', '75', '--kind', 'alert', '--max-class', 'emergency'],
    )
    expect(granted.keys.at(-1)).toMatchObject({ kid: 'flood-centre', kinds: ['alert'], area: '75' })
    takeTrust()
    const centre = await readKey(join(folder, 'flood-centre.jwk'))
    const alert = { kind: 'alert', v: 1, area: '75', rev: 1, iat: desk.at(0), alerts: [] }
    desk.receive('alert', Buffer.from(seal('alert', Buffer.from(JSON.stringify(alert)), [centre])), '75')
    expect(desk.intake.revisions['75/alert']).toBe(1)
    desk.receive(
      'schedule',
      Buffer.from(seal('schedule', Buffer.from(JSON.stringify(desk.schedule(1))), [centre])),
    )
    expect(desk.heldRev).toBeUndefined()
  })

  test('keeps what was revoked revoked when a commune is added later', async () => {
    await device()
    await call(trust, 'revoke', 'c-75-26068')
    const { trust: document } = await call(keys, '--commune', '75/26069')
    expect(document.keys.map(({ kid }: { kid: string }) => kid)).toEqual(['p-75', 'c-75-26069'])
  })

  test('says what is granted when a key is named that is not', async () => {
    await device()
    await expect(call(trust, 'revoke', 'p-76')).rejects.toThrow('these are: p-75, c-75-26068')
    await expect(call(trust, 'forget', 'p-75')).rejects.toThrow('say grant KID, rotate KID or revoke KID')
    await expect(call(trust, 'grant', 'x', '--area', 'mars')).rejects.toThrow('--area')
  })
})
