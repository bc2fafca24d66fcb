import { CompactSign, exportJWK, GeneralSign, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { type Observer, scheduleDocument } from '../rig/observer.ts'

const LONG = 90_000
const DAY_MS = 86_400_000

type Keys = Awaited<ReturnType<typeof makeKey>>

const makeKey = async () => {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const { x } = await exportJWK(publicKey)
  return { privateKey, x: String(x) }
}

const bytesOf = (document: object): Uint8Array => new TextEncoder().encode(JSON.stringify(document))

const compact = (document: object, key: Keys, header: { kid?: string; typ?: string } = {}): Promise<string> =>
  new CompactSign(bytesOf(document))
    .setProtectedHeader({ alg: 'EdDSA', kid: 'xa-26068', typ: 'loa-schedule+jws', ...header })
    .sign(key.privateKey)

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A province that trusts its commune's key with schedules. */
const signedBench = async () => {
  const [root, commune] = await Promise.all([makeKey(), makeKey()])
  const bench = await Bench.open({
    config: { security: { signatures: 'required', rootKeys: [{ kid: 'root-a', x: root.x }], threshold: 1 } },
  })
  const publishTrust = async (observer: Observer): Promise<void> => {
    const now = Date.now()
    const trust = {
      kind: 'trust',
      v: 1,
      area: '75',
      rev: 1,
      iat: new Date(now - 1000).toISOString(),
      keys: [
        {
          kid: 'xa-26068',
          x: commune.x,
          tier: 'commune',
          area: '75/26068',
          kinds: ['schedule'],
          maxClass: 'priority',
          nbf: new Date(now - DAY_MS).toISOString(),
          exp: new Date(now + DAY_MS).toISOString(),
        },
      ],
    }
    const jws = await new GeneralSign(bytesOf(trust))
      .addSignature(root.privateKey)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'root-a', typ: 'loa-trust+jws' })
      .sign()
    await observer.document('75', 'trust', JSON.stringify(jws))
  }
  return { bench, commune, publishTrust }
}

describe.concurrent('with signatures required', () => {
  test(
    'a schedule of a granted key plays, and no forgery does',
    async () => {
      const { bench, commune, publishTrust } = await signedBench()
      await using _ = bench
      const { agent, observer } = bench
      await publishTrust(observer)
      await agent.start()
      const part = bench.serve(toneMp3(1), 1)
      const at = inMs(5000)
      const good = scheduleDocument(1, [itemAt('that', at, { parts: [part] })])
      await observer.document('75/26068', 'schedule', await compact(good, commune))
      await observer.until('reported', 'revision 1', (body) => revisionOf(body) === 1)

      const forgedAt = at + 6000
      const forged = (rev: number) =>
        scheduleDocument(rev, [itemAt(`gia-${rev}`, forgedAt, { parts: [part] })])
      const stranger = await makeKey()
      const unsecured = `${encode({ alg: 'none', kid: 'xa-26068', typ: 'loa-schedule+jws' })}.${encode(forged(3))}.`
      const signed = await compact(forged(6), commune)
      const forgeries: readonly (readonly [string, RegExp])[] = [
        [await compact(forged(2), stranger), /verifies/],
        [unsecured, /header/],
        [await compact(forged(4), commune, { typ: 'loa-alert+jws' }), /typ/],
        [JSON.stringify(forged(5)), /compact/],
        [signed.replace(/\.[^.]*\./, `.${encode(forged(7))}.`), /verifies/],
      ]
      for (const [payload, why] of forgeries) {
        await observer.document('75/26068', 'schedule', payload)
        await observer.until('reported', `refused: ${why}`, (body) => why.test(rejectionsOf(body)))
      }
      await observer.document('75/26068', 'schedule', await compact(forged(8), stranger, { kid: 'nobody' }))
      expect(await observer.event('BAD_SIGNATURE')).toMatchObject({ severity: 'warning' })

      expect(await observer.record('that')).toMatchObject({
        result: 'completed',
        document: '75/26068/schedule',
      })
      await eventually('the forged second is over', () => Date.now() > forgedAt + 2000 || undefined)
      expect(agent.dac('on')).toHaveLength(1)
      expect((await agent.status()).next).toEqual([])
      // Only what stands for 30 s is told of: a trust document might still come.
      expect(await observer.event('UNKNOWN_KEY', 45_000)).toMatchObject({ severity: 'warning' })
      expect(agent.dac('on')).toHaveLength(1)
    },
    LONG,
  )

  test(
    'a schedule that arrived before its trust document plays when that comes',
    async () => {
      const { bench, commune, publishTrust } = await signedBench()
      await using _ = bench
      const { agent, observer } = bench
      const at = inMs(9000)
      const schedule = scheduleDocument(1, [itemAt('som', at, { parts: [bench.serve(toneMp3(1), 1)] })])
      await observer.document('75/26068', 'schedule', await compact(schedule, commune))
      await agent.start()
      const first = await observer.until('reported', 'there', () => true)
      expect(revisionOf(first)).toBeUndefined()
      await publishTrust(observer)
      await observer.until('reported', 'revision 1', (body) => revisionOf(body) === 1)
      expect(Math.abs((await agent.heard('on')) - at)).toBeLessThan(20)
      expect(await observer.record('som')).toMatchObject({ result: 'completed' })
    },
    LONG,
  )
})

const revisionOf = (reported: Readonly<Record<string, unknown>>): unknown =>
  (reported['revs'] as Record<string, number>)['75/26068/schedule']
const rejectionsOf = (reported: Readonly<Record<string, unknown>>): string =>
  (reported['rejected'] as { message: string }[]).map(({ message }) => message).join('\n')
