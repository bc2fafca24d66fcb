import { afterEach, describe, expect, test } from 'vitest'
import { epochMs } from '../../agent/core/time.ts'
import { body, closeStores, document, key, now, numbers, openStore, row, storeKinds } from './state-stores.ts'

afterEach(closeStores)

describe.each(storeKinds)('a state store %s', (kind) => {
  const open = () => openStore(kind)

  test('a new store has no memory and begins its epoch with the event DATABASE', () => {
    const { documents, outbox, ledger, facts } = open()
    expect([
      documents.held(),
      documents.highestRev('75/schedule'),
      ledger.opened(),
      facts.get('mute'),
    ]).toEqual([[], undefined, [], undefined])
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

  test('a document that is revoked without a successor leaves nothing, not even its revision', () => {
    const { documents } = open()
    documents.hold(document)
    documents.revoke('75/schedule')
    documents.revoke('vn/schedule')
    expect([documents.held(), documents.highestRev('75/schedule')]).toEqual([[], undefined])
    documents.hold({ ...document, rev: 1 })
    expect(documents.highestRev('75/schedule')).toBe(1)
  })

  test('a document that is revoked gives way to an earlier one, whose revision is the highest again', () => {
    const { documents } = open()
    const [first, second, leaked] = [1, 2, 3].map((rev) => ({
      ...document,
      rev,
      signers: [rev === 3 ? 'leaked' : 'officer'],
    }))
    if (first === undefined || second === undefined || leaked === undefined) throw new Error('three')
    for (const each of [first, second, leaked]) documents.hold(each)
    expect(documents.earlier('75/schedule')).toEqual([second, first])
    documents.revoke('75/schedule', second)
    expect([documents.held(), documents.highestRev('75/schedule')]).toEqual([[second], 2])
    expect(documents.earlier('75/schedule')).toEqual([first])
  })

  test('of earlier documents a few are kept, the newest of each other set of signers first', () => {
    const { documents } = open()
    const held = (rev: number, ...signers: readonly string[]) =>
      documents.hold({ ...document, rev, hash: `${rev}`.padStart(64, '0'), signers })
    held(1, 'officer')
    held(2, 'officer')
    held(3, 'province')
    for (let rev = 4; rev < 60; rev += 1) held(rev, 'leaked')
    const kept = documents.earlier('75/schedule').map(({ rev, signers }) => `${rev} ${signers}`)
    expect(kept).toEqual(['58 leaked', '57 leaked', '3 province', '2 officer'])
  })

  test('a key that is struck signs nothing any more; what nobody else signed is no successor', () => {
    const { documents } = open()
    documents.hold({ ...document, rev: 1, signers: ['gone'] })
    documents.hold({ ...document, rev: 2, signers: ['gone', 'officer'] })
    documents.hold({ ...document, rev: 3, signers: ['officer', 'gone'] })
    documents.hold({ ...document, key: '75/trust', signers: ['gone'] })
    documents.strike(['gone'], () => true)
    expect(documents.held().map(({ key, signers }) => [key, signers])).toEqual([
      ['75/schedule', ['officer']],
      ['75/trust', ['gone']],
    ])
    expect(documents.earlier('75/schedule').map(({ rev, signers }) => [rev, signers])).toEqual([
      [2, ['officer']],
    ])
  })

  test('is struck for the documents that it concerns alone', () => {
    const { documents } = open()
    documents.hold({ ...document, signers: ['gone', 'officer'] })
    documents.hold({ ...document, key: '77/schedule', signers: ['gone', 'officer'] })
    documents.strike(['gone'], (key) => key.startsWith('77'))
    expect(documents.held().map(({ signers }) => signers)).toEqual([['gone', 'officer'], ['officer']])
  })

  test('a document that is dropped is gone with those before it, and its revision stays known', () => {
    const { documents } = open()
    documents.hold({ ...document, rev: 1, signers: ['officer'] })
    documents.hold({ ...document, rev: 2, signers: ['other'] })
    documents.drop('75/schedule')
    expect([documents.held(), documents.earlier('75/schedule')]).toEqual([[], []])
    expect(documents.highestRev('75/schedule')).toBe(2)
  })

  test('a further signer of the same document replaces nothing, and trust has no earlier documents', () => {
    const { documents } = open()
    documents.hold(document)
    documents.hold({ ...document, signers: [...document.signers, 'other'] })
    documents.hold({ ...document, key: '75/trust', rev: 1 })
    documents.hold({ ...document, key: '75/trust', rev: 2 })
    expect([documents.earlier('75/schedule'), documents.earlier('75/trust')]).toEqual([[], []])
  })

  test('facts are what was set last', () => {
    const { facts } = open()
    for (const name of ['mute', 'minute']) {
      facts.set(name, '1')
      facts.set(name, '2')
      facts.settle()
      expect(facts.get(name)).toBe('2')
    }
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

  test('many are closed in one go, those with an open row too', () => {
    const { ledger, outbox } = open()
    ledger.open(row())
    const instants = [now, epochMs(now + 1), epochMs(now + 2)]
    ledger.closeAll(instants.map((planned) => ({ key: key(planned), record: body(planned) })))
    expect(instants.map((planned) => ledger.has(key(planned)))).toEqual([true, true, true])
    expect([ledger.opened(), numbers(outbox)]).toEqual([[], [1, 2, 3, 4]])
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
