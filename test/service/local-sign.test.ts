import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { epochMs } from '../../agent/core/time.ts'
import { LocalPictures } from '../../agent/services/local-pictures.ts'
import { LocalSign, type LocalSignOptions } from '../../agent/services/local-sign.ts'
import { ManualClock } from '../fakes/manual-clock.ts'

type Begun = Parameters<LocalSignOptions['signItems']['begin']>[0]

describe('loa sign on the device', () => {
  const begin = () => {
    const begun: { readonly occurrence: Begun; readonly seconds: number }[] = []
    const held: Begun[] = []
    const files = new LocalPictures()
    const sign = new LocalSign({
      signs: {
        signsOf: ({ signs }) => (signs ?? ['gate']).filter((id) => id === 'gate'),
        health: () => ({ gate: 'ok' }),
      },
      signItems: {
        begin: (occurrence, seconds) => {
          begun.push({ occurrence, seconds })
          held.push(occurrence)
        },
        clear: () => held.splice(0).length,
        get held() {
          return held
        },
      },
      files,
      clock: new ManualClock(),
      crypto: {
        randomHex: (bytes) => '0'.repeat(bytes * 2),
        sha256Hex: (bytes) => createHash('sha256').update(bytes).digest('hex'),
        verifyEd25519: () => false,
      },
      area: '75/26068',
      language: 'vi',
    })
    return { sign, begun, held, files }
  }
  const picture = (byte: number) => {
    const bytes = Buffer.alloc(10, byte)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { bytes, sha256, file: { sha256, bytes: 10, format: 'png', name: 'a.png' } as const }
  }

  test('a text is an item of its own in the log, above ordinary notices', () => {
    const { sign, begun } = begin()
    const report = sign.order({ what: 'text', text: 'Họp', mode: 'still', seconds: 5 }, new Uint8Array())
    expect(report).toEqual({ item: 'local-000000000000', seconds: 5, signs: { gate: 'ok' } })
    expect(begun[0]?.occurrence.item).toMatchObject({
      document: 'local',
      class: 'priority',
      sign: { pages: [{ text: 'Họp', mode: 'still', seconds: 5 }] },
    })
  })

  test('a picture is held while an item shows it, and let go with the next one', () => {
    const { sign, files, held } = begin()
    const [first, second] = [picture(1), picture(2)]
    sign.order({ what: 'image', file: first.file }, first.bytes)
    expect(files.read(first.sha256, 0, 100)).toEqual(first.bytes)
    held.splice(0)
    sign.order({ what: 'image', file: second.file }, second.bytes)
    expect([files.has(first.sha256), files.has(second.sha256)]).toEqual([false, true])
  })

  test('a picture that arrived damaged, or is too large, is refused', () => {
    const { sign, begun } = begin()
    const { file } = picture(1)
    expect(() => sign.order({ what: 'image', file }, Buffer.alloc(10, 9))).toThrow('arrived damaged')
    expect(() => sign.order({ what: 'image', file: { ...file, bytes: 9_000_000 } }, Buffer.alloc(9))).toThrow(
      'at most',
    )
    expect(begun).toEqual([])
  })

  test('clear says how many were taken off; a sign that is not there is named', () => {
    const { sign } = begin()
    sign.order({ what: 'test' }, new Uint8Array())
    expect(sign.order({ what: 'clear' }, new Uint8Array())).toEqual({ cleared: 1, signs: { gate: 'ok' } })
    expect(() => sign.order({ what: 'test', signs: ['yard'] }, new Uint8Array())).toThrow(
      'none of these signs',
    )
  })

  test('the moment of the order is when it was due', () => {
    const { sign, begun } = begin()
    sign.order({ what: 'test' }, new Uint8Array())
    expect(begun[0]?.occurrence.planned).toBe(epochMs(new ManualClock().wall()))
    expect(begun[0]?.seconds).toBe(60)
  })
})
