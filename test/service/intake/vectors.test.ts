import { readdirSync, readFileSync } from 'node:fs'
import { compactVerify, generalVerify, importJWK, type JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { createTopics } from '../../../agent/wire/topics.ts'
import { vectorFiles } from '../../../scripts/vectors/make.ts'
import { askerOf, BOOT } from './asking.ts'
import { Desk } from './desk.ts'

const folder = new URL('../../../docs/vectors/', import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))

type Vector = {
  readonly name: string
  readonly kind: string
  readonly kids: readonly string[]
  readonly payload: string
  readonly sha256: string
  readonly message: string
}
const keys: readonly (JWK & { readonly kid: string; readonly x: string })[] = read('keys.json').keys
const { device, vectors: accepted } = read('accepted.json') as {
  device: { id: string; boot: string; threshold: number; now: string }
  vectors: readonly Vector[]
}
const refused: readonly {
  readonly name: string
  readonly topic: string
  readonly code: string
  readonly message: string
}[] = read('refused.json').vectors

const topics = createTopics({ root: 'loa/v1', province: '75', commune: '26068', id: device.id })

const publicKey = (kid: string) => {
  const { kty, crv, x } = keys.find((key) => key.kid === kid) ?? {}
  return importJWK({ kty, crv, x } as JWK, 'EdDSA')
}

/** A device that holds the trust document of the vectors and nothing else. */
const asker = () => {
  const desk = new Desk()
  desk.clock.step(Date.parse(device.now) - desk.clock.wall())
  desk.rootKeys = keys.filter(({ kid }) => kid.startsWith('test-root'))
  desk.time.update()
  desk.open('required', device.threshold)
  const trust = accepted.find(({ kind }) => kind === 'trust')?.message ?? ''
  const ask = askerOf(desk, device.id)
  return { desk, ask, takeTrust: () => desk.receive('trust', Buffer.from(trust), '75') }
}

test('the vectors are what is checked in: run `node scripts/vectors.ts` after a change', () => {
  for (const [name, text] of vectorFiles())
    expect([name, readFileSync(new URL(name, folder), 'utf8')]).toEqual([name, text])
  expect(readdirSync(folder).toSorted()).toEqual([...vectorFiles().keys()].toSorted())
  expect(device.boot).toBe(BOOT)
})

describe('a message that devices accept', () => {
  test.each(accepted.map((vector) => [vector.name, vector] as const))(
    '%s: another implementation reads the same',
    async (_, { kids, kind, message, payload }) => {
      for (const kid of kids) {
        const verified =
          kind === 'trust'
            ? await generalVerify(
                {
                  ...JSON.parse(message),
                  signatures: JSON.parse(message).signatures.slice(kids.indexOf(kid)),
                },
                await publicKey(kid),
              )
            : await compactVerify(message, await publicKey(kid))
        expect(Buffer.from(verified.payload).toString()).toBe(payload)
        expect(verified.protectedHeader).toEqual({ alg: 'EdDSA', kid, typ: `loa-${kind}+jws` })
      }
    },
  )

  test.each(accepted.map((vector) => [vector.name, vector] as const))(
    '%s: this device would take it',
    (_, vector) => {
      const { ask, takeTrust } = asker()
      if (vector.kind !== 'trust') takeTrust()
      const report = ask(vector.message)
      expect(report).toMatchObject({ kind: vector.kind, verdict: 'accepted', hash: vector.sha256 })
      expect(report.keys.map(({ kid, verifies, maySign }) => [kid, verifies, maySign])).toEqual(
        vector.kids.map((kid) => [kid, true, true]),
      )
    },
  )
})

describe('T01 a forged message', () => {
  test.each(refused.map((vector) => [vector.name, vector] as const))(
    '%s is refused',
    (_, { topic, code, message }) => {
      const { desk, ask, takeTrust } = asker()
      takeTrust()
      const place = topics.classify(topic)
      if (place === undefined || !('key' in place)) throw new Error(`${topic} is no topic of documents`)
      const verdict =
        place.kind === 'command' ? ask(message) : desk.intake.judge.judge(place, Buffer.from(message)).verdict
      expect(verdict).toMatchObject({ code })
    },
  )

  test('of any of these changes nothing that is in force; each refusal is an event', async () => {
    const { desk, takeTrust } = asker()
    takeTrust()
    for (const { topic, message } of refused) {
      const place = topics.classify(topic)
      if (place !== undefined && 'area' in place && place.kind !== 'command')
        desk.intake.receive(place, Buffer.from(message))
    }
    await desk.pass(31)
    expect(desk.intake.revisions).toEqual({ '75/trust': 1 })
    const told = desk.events.map(({ code, data }) => `${data['document']} ${code}`)
    expect(told.toSorted()).toEqual([
      '75/26068/alert OUT_OF_SCOPE',
      '75/26068/schedule BAD_SIGNATURE',
      '75/26068/schedule EXPIRED',
      '75/26068/schedule INVALID',
      '75/26068/schedule WRONG_DEVICE',
      '75/schedule OUT_OF_SCOPE',
      '75/trust BAD_SIGNATURE',
      'desired WRONG_DEVICE',
    ])
  })
})
