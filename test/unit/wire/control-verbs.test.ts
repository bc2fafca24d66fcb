import { describe, expect, test } from 'vitest'
import { RELEASED_AT } from '../../../agent/core/release.ts'
import { parseControlRequest } from '../../../agent/wire/control-verbs.ts'
import { bytesOf } from '../../fixtures/documents.ts'

const parse = (request: unknown) => parseControlRequest(bytesOf(request))
const fault = (request: unknown): unknown => {
  try {
    return parse(request)
  } catch (error) {
    return error
  }
}

describe('a request of the loa command', () => {
  test('has no arguments and does not follow unless it says so', () => {
    expect(parse({ verb: 'status' })).toEqual({ verb: 'status', args: {}, follow: false })
    expect(parse({ verb: 'log', args: { limit: 5 }, follow: true })).toEqual({
      verb: 'log',
      args: { limit: 5 },
      follow: true,
    })
  })

  test.each([
    ['schedule', { days: 36 }, 'days'],
    ['log', { since: 'yesterday' }, 'since'],
    ['amplifier', { id: '../main', on: true }, 'id'],
    ['amplifier', { id: 'main', on: 'yes' }, 'on'],
    ['play', { tone: { hz: 5 } }, 'tone.hz'],
    ['status', { extra: 1 }, 'extra'],
  ])('%s is refused for %j with the path of the fault', (verb, args, path) => {
    expect(fault({ verb, args })).toMatchObject({ code: 'INVALID', path })
  })

  test('plays a file or a tone, not both and not nothing', () => {
    const file = { sha256: 'ab'.repeat(32), bytes: 5, format: 'mp3', name: 'a.mp3' }
    expect(parse({ verb: 'play', args: { file, volume: 50 } }).args).toEqual({ file, volume: 50 })
    expect(fault({ verb: 'play', args: { file, tone: { hz: 440 } } })).toMatchObject({ code: 'INVALID' })
    expect(fault({ verb: 'play', args: {} })).toMatchObject({ code: 'INVALID' })
    expect(parse({ verb: 'play', args: { pilot: true } }).args).toEqual({ pilot: true })
    expect(fault({ verb: 'play', args: { pilot: true, tone: { hz: 440 } } })).toMatchObject({
      code: 'INVALID',
    })
  })

  test('for a verb that is not known names those that are', () => {
    expect(fault({ verb: 'dance' })).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('status'),
    })
    expect(fault({ verb: 'constructor' })).toMatchObject({ code: 'USAGE' })
  })

  test('longer than a line may be is not read', () => {
    expect(fault({ verb: 'status', args: { pad: 'x'.repeat(70_000) } })).toMatchObject({ code: 'TOO_LARGE' })
  })
})

test('the release has a date that a clock can be compared with', () => {
  expect(Number.isNaN(Date.parse(RELEASED_AT))).toBe(false)
})
