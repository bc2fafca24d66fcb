import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseDocument } from '../../../agent/wire/documents.ts'
import { createTopics } from '../../../agent/wire/topics.ts'
import { referenceFiles } from '../../../scripts/reference/files.ts'
import { bytesOf, changed, example, FRESH, type JsonObject } from '../../fixtures/documents.ts'

const directory = new URL('../../../docs/reference/', import.meta.url)
const files = referenceFiles()
const schemaOf = (name: string): object =>
  JSON.parse(files.get(`schemas/${name}.schema.json`) ?? '') as object
const validatorOf = (name: string) =>
  new Ajv({ strict: true, strictRequired: false, allErrors: true }).compile(schemaOf(name))
const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')

describe('the generated reference', () => {
  it('is what is checked in: run `node scripts/reference.ts` after a change of the schemas', () => {
    for (const [name, text] of files)
      expect([name, readFileSync(new URL(name, directory), 'utf8')]).toEqual([name, text])
    const schemas = readdirSync(new URL('schemas', directory)).map((name) => `schemas/${name}`)
    expect(schemas.filter((name) => !files.has(name))).toEqual([])
  })

  it.each(['trust', 'schedule', 'alert', 'desired', 'command', 'heartbeat'])(
    'the schema of %s accepts the example of the province',
    (name) => {
      const validate = validatorOf(name)
      validate(example(name))
      expect(validate.errors).toBe(null)
    },
  )

  it('the examples of the contract pass the schemas of configuration and board', () => {
    for (const [name, file] of [
      ['configuration', 'agent.yaml'],
      ['board', 'board.yaml'],
    ] as const) {
      const validate = validatorOf(name)
      validate(parse(fixture(file)))
      expect(validate.errors).toBe(null)
    }
  })

  it('an empty list stands for an empty object, and a choice is for one shape only', () => {
    expect(validatorOf('fresh')({ ...FRESH, revs: [] })).toBe(true)
    expect(validatorOf('fresh')({ ...FRESH, revs: [1] })).toBe(false)
    const both = changed(example('schedule'), 'items.0.parts.0', { sound: 'chime', pause: 1 })
    expect(validatorOf('schedule')(both)).toBe(false)
  })

  it('a job names what is to be done', () => {
    const head = { kind: 'job', v: 1, device: 'd-1', rev: 1, iat: '2026-11-26T08:00:00+07:00' }
    expect(validatorOf('job')({ ...head, job: { id: 'u-1', op: 'cancel' } })).toBe(true)
    expect(validatorOf('job')({ ...head, job: { id: 'u-1', op: 'update' } })).toBe(false)
  })

  it('every key of the configuration has a sentence of its own', () => {
    const bare = (files.get('configuration.md') ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| `') && line.endsWith('|  |'))
      .map((line) => line.split('`')[1] ?? '')
    expect(bare.filter((key) => !/\.(driver|from|to|max)$/.test(key))).toEqual([])
  })

  it('whatever the device accepts, the published schema accepts', () => {
    const kinds = ['trust', 'schedule', 'alert', 'desired', 'command', 'fresh'] as const
    const validators = new Map(kinds.map((kind) => [kind, validatorOf(kind)]))
    const leaves = (value: unknown, path = ''): readonly string[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, member]) => {
            const inner = path === '' ? key : `${path}.${key}`
            return [inner, ...leaves(member, inner)]
          })
        : []
    const values = fc.oneof(
      fc.constantFrom(0, 1, 70, -1, '', 'x', 'vi', 'normal', '05:00:00', '2026-12-31', true, null),
      fc.constantFrom([], {}, ['main'], ['mon'], { times: ['05:00:00'] }),
    )
    const accepts = (kind: (typeof kinds)[number], document: JsonObject): boolean => {
      try {
        parseDocument(kind, bytesOf(document))
        return true
      } catch {
        return false
      }
    }
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.nat(), values, (kind, pick, value) => {
        const document = kind === 'fresh' ? FRESH : example(kind)
        const paths = leaves(document)
        const mutated = changed(document, paths[pick % paths.length] ?? '', value as never)
        if (accepts(kind, mutated))
          expect([mutated, validators.get(kind)?.(mutated)]).toEqual([mutated, true])
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('asyncapi.yaml', () => {
  type AsyncApi = {
    channels: Record<string, { address: string }>
    operations: Record<string, { action: string; channel: { $ref: string }; bindings?: { mqtt: object } }>
    components: { messages: Record<string, { payload: { $ref: string } }> }
  }
  const document = parse(files.get('asyncapi.yaml') ?? '') as AsyncApi

  it('is valid AsyncAPI 3.0', () => {
    const require = createRequire(import.meta.url)
    const specification = require('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true })
    formats.default(ajv)
    const validate = ajv.compile(specification)
    validate(document)
    expect(validate.errors).toBe(null)
  })

  it('names every topic of a device and no other', () => {
    const topics = createTopics({ root: 'loa/v1', province: '75', commune: '26068', id: 'd-7k2m4q9x' })
    const filled = Object.values(document.channels).map(({ address }) =>
      address
        .replace('{root}', 'loa/v1')
        .replace('{province}', '75')
        .replace('{commune}', '26068')
        .replace('{device}', 'd-7k2m4q9x'),
    )
    const known = new Set([...topics.trust, ...topics.rest, ...Object.values(topics.up)])
    expect(new Set(filled)).toEqual(known)
    expect(filled).toHaveLength(known.size)
  })

  it('receives below area and down, sends below up, with the delivery of the contract', () => {
    const lossy: string[] = []
    const unretained: string[] = []
    for (const { action, channel, bindings } of Object.values(document.operations)) {
      const address = document.channels[channel.$ref.replace('#/channels/', '')]?.address ?? ''
      if (!bindings) continue
      expect([address, action]).toEqual([address, address.includes('/up/') ? 'send' : 'receive'])
      const level = address.split('/').slice(-2).join('/')
      if (!JSON.stringify(bindings).includes('"qos":1')) lossy.push(level)
      if (JSON.stringify(bindings).includes('"retain":false')) unretained.push(level)
    }
    expect(lossy.toSorted()).toEqual(['down/acked', 'up/heartbeat'])
    expect(unretained.toSorted()).toEqual([
      'down/acked',
      'down/command',
      'up/event',
      'up/heartbeat',
      'up/playback',
      'up/reply',
    ])
  })

  it('refers to schemas that exist', () => {
    for (const { payload } of Object.values(document.components.messages))
      expect([...files.keys()]).toContain(payload.$ref.replace('./', ''))
  })
})
