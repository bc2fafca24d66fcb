import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeKey, type SigningKey } from '../../scripts/source-system/keys.ts'
import { seal } from '../../scripts/source-system/sign.ts'
import { grant } from '../../scripts/source-system/trust.ts'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { scheduleDocument } from '../rig/observer.ts'

const LONG = 90_000
const ROOT = makeKey('root-a')
const OFFICER = makeKey('officer')
const LEAKED = makeKey('leaked')

const signed = (kind: 'schedule' | 'trust', document: object, key: SigningKey): string =>
  seal(kind, Buffer.from(JSON.stringify(document)), [key])

const trustOf = (rev: number, keys: readonly SigningKey[]): string => {
  const now = new Date()
  const from = new Date(now.getTime() - 60_000)
  const grants = keys.map((key) => grant(key, { area: '75/26068', from }))
  return signed('trust', { kind: 'trust', v: 1, area: '75', rev, iat: now.toISOString(), keys: grants }, ROOT)
}

type Revs = Readonly<Record<string, number>>
const revOf = (body: Readonly<Record<string, unknown>>): number | undefined =>
  (body['revs'] as Revs)['75/26068/schedule']

describe.concurrent('T05 a key that was leaked', () => {
  test(
    'is revoked while its item plays: that ends at once, and what an honest key signed is in force again and plays',
    async () => {
      await using bench = await Bench.open({
        config: {
          security: { signatures: 'required', rootKeys: [{ kid: ROOT.kid, x: ROOT.x }], threshold: 1 },
        },
      })
      const { agent, observer } = bench
      await observer.document('75', 'trust', trustOf(1, [OFFICER, LEAKED]))
      await agent.start()
      const honestAt = inMs(20_000)
      const honest = scheduleDocument(1, [itemAt('that', honestAt, { parts: [bench.serve(toneMp3(1), 1)] })])
      await observer.document('75/26068', 'schedule', signed('schedule', honest, OFFICER))
      await observer.until('reported', 'the honest revision', (body) => revOf(body) === 1)

      const stolenAt = inMs(4000)
      const stolen = scheduleDocument(100_000_001, [
        itemAt('gia', stolenAt, { parts: [bench.serve(toneMp3(12), 12)] }),
      ])
      await observer.document('75/26068', 'schedule', signed('schedule', stolen, LEAKED))
      await agent.heard('on')
      await observer.document('75', 'trust', trustOf(2, [OFFICER]))
      const revokedAt = Date.now()
      await eventually('it is silent', () => agent.sounds[0]?.off)
      expect(Date.now() - revokedAt).toBeLessThan(2000)
      expect(await observer.record('gia')).toMatchObject({
        result: 'partial',
        reason: 'CANCELLED',
        rev: 100_000_001,
      })
      await observer.until('reported', 'the honest revision again', (body) => revOf(body) === 1)
      expect(await observer.event('OUT_OF_SCOPE')).toMatchObject({
        data: { document: '75/26068/schedule', kid: 'leaked', rev: 100_000_001 },
      })

      const file = join(agent.paths.folder, 'stolen.jws')
      writeFileSync(file, `${signed('schedule', stolen, LEAKED)}\n`)
      const verified = await agent.loa('verify', file, '--json')
      expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([
        1,
        { verdict: 'refused', code: 'UNKNOWN_KEY', rev: 100_000_001, held: { rev: 1, signers: ['officer'] } },
      ])
      await agent.crash()
      await agent.start()
      expect(await observer.record('that')).toMatchObject({ result: 'completed', rev: 1 })
    },
    LONG,
  )
})
