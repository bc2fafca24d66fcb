import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCryptography } from '../../agent/adapters/crypto/node-cryptography.ts'
import type { DocumentKind } from '../../agent/core/documents.ts'
import { sealRecord } from '../../agent/core/record/chain.ts'
import type { PlaybackBody } from '../../agent/core/records.ts'
import { parseAcked, parseDocument } from '../../agent/wire/documents.ts'
import { openEnvelope } from '../../agent/wire/envelope.ts'
import { createTopics } from '../../agent/wire/topics.ts'
import { FIRST_PREV, recordHash, uncanonical } from '../../scripts/source-system/chain.ts'
import { commandDocument, OPS } from '../../scripts/source-system/command.ts'
import { makeKey } from '../../scripts/source-system/keys.ts'
import { openRecordLedger } from '../../scripts/source-system/record-ledger.ts'
import { itemAt, scheduleDocument } from '../../scripts/source-system/schedule.ts'
import { DOCUMENT_KINDS, payloadOf, seal } from '../../scripts/source-system/sign.ts'
import { addressOf, deviceTopic, documentTopic } from '../../scripts/source-system/topics.ts'
import { grant, trustDocument } from '../../scripts/source-system/trust.ts'

const now = new Date('2026-11-22T03:00:00Z')
const { verifyEd25519, sha256Hex } = createCryptography()
const place = { root: 'loa/v1', province: '75', commune: '26068', id: 'd-1' }
const bytesOf = (value: object) => Buffer.from(JSON.stringify(value))
const example = (name: string) => readFileSync(new URL(`../fixtures/examples/${name}.json`, import.meta.url))

describe('the device', () => {
  test.each(DOCUMENT_KINDS.filter((kind) => kind !== 'trust'))(
    'opens a signed %s and verifies its signature',
    (kind: DocumentKind) => {
      const key = makeKey('dongnai-2026a')
      const payload = bytesOf({ kind, v: 1, area: '75' })
      const message = Buffer.from(seal(kind, payload, [key]))
      const envelope = openEnvelope(kind, message, { signatures: 'required' })
      const [signature] = envelope.signatures
      expect(signature?.kid).toBe('dongnai-2026a')
      expect(Buffer.from(envelope.payload).equals(payload)).toBe(true)
      expect(
        verifyEd25519(
          key.x,
          signature?.signingInput ?? Buffer.alloc(0),
          signature?.signature ?? Buffer.alloc(0),
        ),
      ).toBe(true)
      expect(payloadOf(message)).toEqual(payload)
    },
  )

  test('opens a trust document with all its root signatures', () => {
    const roots = [makeKey('root-a'), makeKey('root-b'), makeKey('root-c')]
    const document = trustDocument('75', [grant(makeKey('p-75'), { area: '75', from: now })], now)
    const message = Buffer.from(seal('trust', bytesOf(document), roots))
    const envelope = openEnvelope('trust', message, { signatures: 'required' })
    const verified = envelope.signatures.filter(({ signingInput, signature }, i) =>
      verifyEd25519(roots[i]?.x ?? '', signingInput, signature),
    )
    expect(verified.map(({ kid }) => kid)).toEqual(['root-a', 'root-b', 'root-c'])
    expect(parseDocument('trust', envelope.payload)).toEqual(document)
    expect(payloadOf(message)).toEqual(bytesOf(document))
  })

  test('takes bare JSON with signatures off', () => {
    const document = scheduleDocument('75/26068', [itemAt({ id: 'a', at: now, chime: true })], now)
    const envelope = openEnvelope('schedule', Buffer.from(seal('schedule', bytesOf(document), [])), {
      signatures: 'off',
    })
    expect(envelope.form).toBe('bare')
    expect(parseDocument('schedule', envelope.payload)).toEqual(document)
  })

  test('takes a made schedule with everything in it', () => {
    const sha256 = 'a'.repeat(64)
    const item = itemAt({
      id: 'thong-bao',
      at: now,
      title: 'Thông báo',
      class: 'priority',
      chime: true,
      volume: 80,
      text: 'Họp thôn',
      audio: {
        sha256,
        bytes: 10,
        format: 'mp3',
        seconds: 3.03,
        urls: [`http://127.0.0.1:8080/c/${sha256}`],
      },
    })
    const document = scheduleDocument('75/26068', [item], now)
    expect(parseDocument('schedule', bytesOf(document))).toEqual(document)
  })

  const args: Readonly<Record<string, object>> = {
    play: { parts: [{ sound: 'chime' }], volume: 50 },
    volume: { volume: 50 },
    amplifier: { id: 'main', on: true, seconds: 5 },
    sign: { pages: [{ text: 'x', seconds: 1 }] },
  }
  test.each(OPS)('takes the command %s', (op) => {
    const draft = { device: 'd-1', boot: 'ab'.repeat(16), op, now }
    const command = commandDocument(args[op] === undefined ? draft : { ...draft, args: args[op] })
    expect(parseDocument('command', bytesOf(command))).toMatchObject({ op, id: command.id })
  })

  test('listens where the province publishes', () => {
    const topics = createTopics(place)
    for (const name of ['trust', 'schedule', 'alert', 'desired', 'command']) {
      const address = addressOf(example(name))
      const own = address.area === undefined ? { ...address, device: 'd-1' } : address
      expect(topics.classify(documentTopic('loa/v1', own, '75'))?.kind).toBe(name)
    }
    expect(topics.classify(deviceTopic('loa/v1', { province: '75', device: 'd-1' }, 'down/acked'))).toEqual({
      kind: 'acked',
    })
  })

  test('makes records whose hashes the province recomputes, whatever is in them', () => {
    const json = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.jsonValue({ depthSize: 'small' }).filter((value) => uncanonical(value).length === 0),
    )
    fc.assert(
      fc.property(json, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (data, startErrorMs) => {
        const body: PlaybackBody = {
          item: 'tin-tỉnh',
          document: '75/schedule',
          rev: 1,
          class: 'normal',
          tier: 'province',
          planned: '2026-11-22T10:00:00.000Z',
          startErrorMs,
          clock: 'synced',
          result: 'completed',
          volume: 70,
          underruns: 0,
          frames: 48_000,
        }
        const made = sealRecord(1, FIRST_PREV, { ...body, ...data }, sha256Hex)
        const sent = JSON.parse(JSON.stringify(made))
        expect(recordHash(sent)).toBe(made.hash)
        expect(uncanonical(sent)).toEqual([])
      }),
    )
  })

  test('understands an acknowledgement', () => {
    using ledger = openRecordLedger(':memory:')
    const body = { at: '2026-11-22T00:00:00.000Z', code: 'DATABASE', severity: 'info' as const, data: {} }
    const records = [sealRecord(1, FIRST_PREV, body, sha256Hex)]
    const { ack } = ledger.receive({ topic: 'event', device: 'd-1', epoch: '0'.repeat(32), records })
    expect(parseAcked(bytesOf(ack ?? {}))).toEqual({
      epoch: '0'.repeat(32),
      upTo: 1,
      hash: records[0]?.hash,
    })
  })
})
