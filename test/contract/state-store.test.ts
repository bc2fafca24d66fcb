import { afterEach, describe, expect, test } from 'vitest'
import { epochMs } from '../../agent/core/time.ts'
import { body, closeStores, document, key, now, openStore, row, storeKinds } from './state-stores.ts'

afterEach(closeStores)

describe.each(storeKinds)('a state store %s', (kind) => {
  const open = () => openStore(kind)

  test('a new store has no memory and begins its epoch with the event DATABASE', () => {
    const { documents, outbox, ledger, facts } = open()
    expect([documents.forgetful, documents.held(), ledger.opened(), facts.get('mute')]).toEqual([
      true,
      [],
      [],
      undefined,
    ])
    expect(outbox.epoch).toMatch(/^[0-9a-f]{32}$/)
    expect(outbox.pending(0, 10)).toMatchObject([
      {
        topic: 'event',
        record: { n: 1, prev: '0'.repeat(64), code: 'DATABASE', severity: 'info', data: {} },
      },
    ])
  })

  test('a document is held as it came, a later revision replaces it', () => {
    const { documents } = open()
    documents.hold(document)
    expect(documents.held()).toEqual([document])
    documents.hold({ ...document, rev: 43, signers: [] })
    documents.hold({ ...document, key: '75/alert' })
    expect(documents.held().map((held) => [held.key, held.rev])).toEqual([
      ['75/alert', 42],
      ['75/schedule', 43],
    ])
    expect(documents.highestRev('75/schedule')).toBe(43)
    expect(documents.highestRev('vn/schedule')).toBeUndefined()
  })

  test('the highest revision stays when an older document comes back into force', () => {
    const { documents } = open()
    documents.hold(document)
    documents.hold({ ...document, rev: 7 })
    expect(documents.held()[0]?.rev).toBe(7)
    expect(documents.highestRev('75/schedule')).toBe(42)
  })

  test('a document that is dropped leaves nothing, not even its revision', () => {
    const { documents } = open()
    documents.hold(document)
    documents.drop('75/schedule')
    documents.drop('vn/schedule')
    expect([documents.held(), documents.highestRev('75/schedule')]).toEqual([[], undefined])
    documents.hold({ ...document, rev: 1 })
    expect(documents.highestRev('75/schedule')).toBe(1)
  })

  test('facts are what was set last', () => {
    const { facts } = open()
    facts.set('mute', 'on')
    facts.set('mute', 'off')
    expect(facts.get('mute')).toBe('off')
  })

  test('an occurrence is open from its opening to its record, and known for ever after', () => {
    const { ledger } = open()
    expect(ledger.has(key())).toBe(false)
    ledger.open(row())
    expect(ledger.opened()).toEqual([row()])
    const record = ledger.close(key(), body(now))
    expect(record).toMatchObject({ n: 2, item: 'a', result: 'completed' })
    expect(ledger.opened()).toEqual([])
    expect(ledger.has(key())).toBe(true)
    expect(ledger.has(key(epochMs(now + 1)))).toBe(false)
  })

  test('an occurrence that was never opened can have its record too', () => {
    const { ledger } = open()
    ledger.close(key(), body(now, { result: 'missed', reason: 'LATE' }))
    expect(ledger.has(key())).toBe(true)
  })

  test('a withdrawn occurrence leaves nothing, a closed one cannot be withdrawn', () => {
    const { ledger, outbox } = open()
    ledger.open(row())
    ledger.forget(key())
    expect([ledger.has(key()), ledger.opened(), outbox.lastNumber()]).toEqual([false, [], 1])
    ledger.close(key(), body(now))
    ledger.forget(key())
    expect(ledger.has(key())).toBe(true)
  })

  test('the last checkpoint is what is known of an open occurrence', () => {
    const { ledger } = open()
    ledger.open(row())
    ledger.checkpoint(key(), body(now, { playedSeconds: 4 }), '{"position":4}')
    ledger.checkpoint(key(), body(now, { playedSeconds: 6 }), '{"position":6}')
    expect(ledger.opened()).toMatchObject([
      { resume: '{"position":6}', draft: { playedSeconds: 6 }, kernelBootId: 'boot' },
    ])
    ledger.open({ ...row(), resume: 'anew' })
    expect(ledger.opened()).toMatchObject([{ resume: 'anew' }])
  })

  test('a checkpoint of an occurrence that is not open changes nothing', () => {
    const { ledger } = open()
    ledger.checkpoint(key(), body(now), 'x')
    ledger.close(key(), body(now))
    ledger.checkpoint(key(), body(now), 'x')
    expect(ledger.opened()).toEqual([])
  })
})
