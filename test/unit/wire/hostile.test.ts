import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import { parseDocument } from '../../../agent/wire/documents.ts'
import { openEnvelope } from '../../../agent/wire/envelope.ts'
import { MAX_DEPTH, MAX_MESSAGE_BYTES, readJson } from '../../../agent/wire/json.ts'
import { bytesOf, example, FRESH, type JsonObject } from '../../fixtures/documents.ts'

const KINDS = ['trust', 'schedule', 'alert', 'desired', 'command', 'fresh'] as const
type Kind = (typeof KINDS)[number]
const valid = (kind: Kind): JsonObject => (kind === 'fresh' ? FRESH : example(kind))

/** The parsed document, or the refusal; anything else that is thrown is a defect. */
const attempt = (kind: Kind, bytes: Uint8Array): unknown => {
  try {
    return parseDocument(kind, bytes)
  } catch (error) {
    if (!(error instanceof LoaError)) throw error
    if (error.code !== 'TOO_LARGE' && error.path === undefined) throw new Error('a refusal without a path')
    return error
  }
}

const allocatedMb = (run: () => void): number => {
  const before = process.memoryUsage().rss
  run()
  return (process.memoryUsage().rss - before) / 1_048_576
}

describe('T11 giant, deep and malformed messages', () => {
  const fill = (text: string): string => text.repeat(Math.floor(MAX_MESSAGE_BYTES / text.length))
  const million = (prefix: string, unit: string): string =>
    `${prefix}${fill(unit).slice(0, MAX_MESSAGE_BYTES - prefix.length)}`

  it.each([
    ['brackets', fill('[')],
    ['braces', fill('{"a":')],
    ['brackets in a string', million('"', '[')],
    ['an endless string', million('"', 'x')],
    ['an endless escape', million('"', '\\')],
    ['an endless number', fill('9')],
    ['spaces', fill(' ')],
    [
      '333,000 empty items',
      `{"kind":"schedule","v":1,"area":"75","rev":1,"iat":"2026-11-22T03:00:00+07:00","items":[${'{},'.repeat(300_000)}{}]}`,
    ],
    ['100,000 items after a fault', `{"kind":"x","items":[${'{},'.repeat(100_000)}{}]}`],
    [
      'a hundred thousand unknown members',
      `{${Array.from({ length: 90_000 }, (_, n) => `"${n}":1`).join(',')}}`,
    ],
    [
      'a hundred thousand headlines',
      `{"kind":"alert","v":1,"area":"75","rev":1,"iat":"2026-11-22T03:00:00+07:00","alerts":[{"id":"a","event":"flood","severity":"severe","headline":{${Array.from({ length: 60_000 }, (_, n) => `"x${n}":""`).join(',')}}}]}`,
    ],
  ])('%s are refused without harm', (_, text) => {
    const bytes = bytesOf(text)
    expect(bytes.length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES)
    const used = allocatedMb(() => {
      for (const kind of ['schedule', 'alert'] as const)
        expect(attempt(kind, bytes)).toMatchObject({ code: 'INVALID' })
    })
    expect(used).toBeLessThan(200)
  })

  it('one byte over the limit is not looked at', () => {
    expect(attempt('schedule', new Uint8Array(MAX_MESSAGE_BYTES + 1))).toMatchObject({ code: 'TOO_LARGE' })
  })

  it('nesting is counted outside strings only', () => {
    const nested = (depth: number) => bytesOf(`${'['.repeat(depth)}"]]]\\"[[["${']'.repeat(depth)}`)
    expect(() => readJson(nested(MAX_DEPTH))).not.toThrow()
    expect(() => readJson(nested(MAX_DEPTH + 1))).toThrow('nested deeper')
  })

  it.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate in UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('%s is not UTF-8', (_, bytes) => {
    expect(attempt('schedule', new Uint8Array(bytes))).toMatchObject({
      code: 'INVALID',
      message: 'not UTF-8',
    })
  })

  it.each([
    '',
    ' ',
    'null',
    '1',
    '"x"',
    'true',
    '[]',
    '[1]',
    '{',
    '{"a":1,}',
    '\ufeff{}',
    '{}{}',
    "{'a':1}",
    'NaN',
    '{"rev":1e999}',
    '// x',
  ])('%j is refused as a document', (text) => {
    for (const kind of KINDS) expect(attempt(kind, bytesOf(text))).toMatchObject({ code: 'INVALID' })
  })
})

describe('T12 names that reach into prototypes', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    '%s changes nothing',
    (name) => {
      for (const kind of KINDS) {
        const text = JSON.stringify(valid(kind))
        const poisoned = text
          .replaceAll('{', `{"${name}":{"polluted":true,"kind":"x","rev":9},`)
          .replaceAll(',}', '}')
        const parsed = attempt(kind, bytesOf(poisoned))
        // A headline is a table of languages: `toString` is no language, so there it is a fault.
        if (kind !== 'alert') expect(parsed).toEqual(valid(kind))
        expect(({} as { polluted?: boolean }).polluted).toBe(undefined)
      }
    },
  )

  it('members are never taken from a prototype', () => {
    const text = JSON.stringify({ ...FRESH, revs: undefined }).replace(
      '{',
      '{"__proto__":{"revs":{"schedule":1}},',
    )
    expect(attempt('fresh', bytesOf(text))).toMatchObject({ code: 'INVALID', path: 'revs' })
  })
})

describe('T13 names that would be paths', () => {
  it.each([
    '../../etc/shadow',
    '%2e%2e',
    '.',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'a\u0000',
    'a\n',
    'а',
    'ａ',
    '',
    ' ',
    '-rf',
    '$(touch x)',
  ])('%j is no id', (id) => {
    const document = {
      ...valid('schedule'),
      items: [{ id, when: { times: ['05:00:00'] }, parts: [{ pause: 1 }] }],
    }
    expect(attempt('schedule', bytesOf(document))).toMatchObject({ code: 'INVALID', path: 'items.0.id' })
  })

  it.each([
    '../../etc/shadow',
    'AB'.repeat(32),
    `${'ab'.repeat(31)}..`,
    `${'ab'.repeat(31)}а0`,
    'ab'.repeat(33),
  ])('%j is no content id', (sha256) => {
    const audio = { sha256, bytes: 1, format: 'mp3', seconds: 1, urls: ['https://x.example/a'] }
    const document = {
      ...valid('schedule'),
      items: [{ id: 'a', when: { times: ['05:00:00'] }, parts: [{ audio }] }],
    }
    const path = 'items.0.parts.0.audio.sha256'
    expect(attempt('schedule', bytesOf(document))).toMatchObject({ code: 'INVALID', path })
  })
})

describe('any mutation', () => {
  const pathsOf = (
    value: unknown,
    path: readonly (string | number)[] = [],
  ): readonly (readonly (string | number)[])[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, member]) => [[...path, key], ...pathsOf(member, [...path, key])])
      : []

  it('of one value of a document parses to that document or is refused with a path that exists or is missing', () => {
    const kinds = fc.constantFrom(...KINDS)
    fc.assert(
      fc.property(kinds, fc.nat(), fc.jsonValue(), (kind, pick, replacement) => {
        const document = valid(kind)
        const paths = pathsOf(document)
        const path = paths[pick % paths.length] ?? []
        let target = document as Record<string | number, unknown>
        for (const key of path.slice(0, -1)) target = target[key] as Record<string | number, unknown>
        target[path.at(-1) ?? ''] = replacement
        const outcome = attempt(kind, bytesOf(document))
        if (outcome instanceof LoaError) expect(outcome.path).toMatch(/^[\p{L}\p{M}\p{N}_.…?-]{0,200}$/u)
        else expect(attempt(kind, bytesOf(outcome))).toEqual(outcome)
      }),
      { numRuns: 2_000 },
    )
  })

  it('reports keys and values of the publisher clipped and without control characters', () => {
    const headline = { [`\u001b[2J\u202e${'x'.repeat(500_000)}`]: 'x' }
    const { alerts } = valid('alert')
    const alert = { ...(alerts as JsonObject[])[0], headline }
    const refused = attempt('alert', bytesOf({ ...valid('alert'), alerts: [alert] })) as LoaError
    expect(refused.path).toMatch(/^alerts\.0\.headline\.[x?…2J]{1,41}$/)
    const severity = `\u001b[31m${'y'.repeat(500_000)}`
    const shown = attempt(
      'alert',
      bytesOf({ ...valid('alert'), alerts: [{ ...alert, headline: {}, severity }] }),
    ) as LoaError
    expect(shown.message.length).toBeLessThan(200)
    expect(shown.message).not.toContain('\u001b')
  })

  it('of the bytes is refused or parses, and nothing else is ever thrown', () => {
    const kinds = fc.constantFrom(...KINDS)
    fc.assert(
      fc.property(
        kinds,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
        (kind, edits) => {
          const bytes = bytesOf(valid(kind))
          for (const [at, byte] of edits) bytes[at % bytes.length] = byte
          attempt(kind, bytes)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('of random bytes is an envelope or a refusal', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('required' as const, 'off' as const),
        (bytes, signatures) => {
          try {
            openEnvelope('schedule', bytes, { signatures })
          } catch (error) {
            expect(error).toBeInstanceOf(LoaError)
          }
        },
      ),
    )
  })
})
