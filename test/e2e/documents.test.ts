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

describe.concurrent('T01 with signatures required', () => {
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
      expect(agent.sounds).toHaveLength(1)
      expect((await agent.status()).next).toEqual([])
      // Only what stands for 30 s is told of: a trust document might still come.
      expect(await observer.event('UNKNOWN_KEY', 45_000)).toMatchObject({ severity: 'warning' })
      expect(agent.sounds).toHaveLength(1)
    },
    LONG,
  )

  test(
    'a schedule that arrived before its trust document plays when that comes',
    async () => {
      const { bench, commune, publishTrust } = await signedBench()
      await using _ = bench
      const { agent, observer } = bench
      // The agent starts, fetches and checks before it.
      const at = inMs(15_000)
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

const MESSAGE_LIMIT = 1_000_000

type Rejected = {
  readonly document: string
  readonly rev?: number
  readonly code: string
  readonly path?: string
}
const rejectedIn = (body: Readonly<Record<string, unknown>>): readonly Rejected[] =>
  body['rejected'] as Rejected[]
const revsIn = (body: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> =>
  body['revs'] as Record<string, number>

describe.concurrent('documents', () => {
  test(
    'a schedule with one bad item is refused whole with its path, an empty payload says nothing, and what was held plays',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(7000)
      const parts = [bench.serve(toneMp3(1), 1)]
      await observer.schedule(1, [itemAt('giu', at, { parts })])
      await observer.until('reported', 'revision 1', (body) => revsIn(body)['75/26068/schedule'] === 1)

      const bad = { id: 'hong', when: { times: ['25:00'] }, parts }
      await observer.schedule(2, [itemAt('moi', at + 2000, { parts }), bad])
      const reported = await observer.until('reported', 'refused', (body) => rejectedIn(body).length > 0)
      expect(rejectedIn(reported)).toMatchObject([
        { document: '75/26068/schedule', rev: 2, code: 'INVALID', path: 'items.1.when.times.0' },
      ])
      expect(revsIn(reported)).toEqual({ '75/26068/schedule': 1 })
      const refusal = await observer.event('INVALID')
      expect(refusal['data']).toMatchObject({ document: '75/26068/schedule', path: 'items.1.when.times.0' })

      await observer.document('75/26068', 'schedule', '')
      expect(await observer.record('giu')).toMatchObject({ result: 'completed', rev: 1 })
      await eventually('the second of the refused item is over', () => Date.now() > at + 4000 || undefined)
      expect(agent.sounds).toHaveLength(1)
      expect(observer.playbackOf('moi')).toEqual([])
      expect(revsIn(observer.latest('reported') ?? {})).toEqual({ '75/26068/schedule': 1 })
    },
    LONG,
  )

  test.each([5, 4] as const)(
    'a message far too large is refused, and the rest of the topics go on, protocol %i',
    async (protocol) => {
      await using bench = await Bench.running({ protocol })
      const { agent, observer } = bench
      const births = observer.of('state').length
      const padding = 'x'.repeat(1_200_000)
      await observer.document('75', 'schedule', { ...scheduleDocument(1, []), area: '75', padding })
      const refusal = await observer.event('TOO_LARGE', 30_000)
      expect(refusal['data']).toMatchObject({ document: '75/schedule' })
      await eventually('connected again', async () => (await agent.status()).broker.connected, 30_000)
      await observer.until('state', 'born again', () => observer.of('state').length > births, 30_000)

      await observer.document('vn', 'schedule', { ...scheduleDocument(3, []), area: 'vn' })
      await observer.schedule(4, [])
      const reported = await observer.until(
        'reported',
        'the other topics',
        (body) => revsIn(body)['vn/schedule'] === 3 && revsIn(body)['75/26068/schedule'] === 4,
      )
      expect(rejectedIn(reported)).toMatchObject([{ document: '75/schedule', code: 'TOO_LARGE' }])
      expect((await agent.status()).broker.connected).toBe(true)
    },
    LONG,
  )

  test(
    'a message just over the limit is refused without losing the connection',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const { since } = (await agent.status()).broker
      const document = JSON.stringify(scheduleDocument(1, []))
      await observer.document(
        '75/26068',
        'schedule',
        document + ' '.repeat(MESSAGE_LIMIT + 1 - document.length),
      )
      expect((await observer.event('TOO_LARGE'))['data']).toMatchObject({ document: '75/26068/schedule' })
      await observer.document('75/26068', 'schedule', document + ' '.repeat(MESSAGE_LIMIT - document.length))
      await observer.until('reported', 'revision 1', (body) => revsIn(body)['75/26068/schedule'] === 1)
      expect((await agent.status()).broker.since).toBe(since)
    },
    LONG,
  )
})
