import { describe, expect, it } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import { claimedRevision, parseAcked, parseDocument } from '../../../agent/wire/documents.ts'
import { bytesOf, changed, example, exampleText, FRESH, type JsonObject } from '../../fixtures/documents.ts'

const KINDS = ['trust', 'schedule', 'alert', 'desired', 'command'] as const
type Kind = (typeof KINDS)[number] | 'fresh'
const valid = (kind: Kind): JsonObject => (kind === 'fresh' ? FRESH : example(kind))

const faultOf = (kind: Kind | 'job', value: unknown): LoaError => {
  try {
    parseDocument(kind, bytesOf(value))
  } catch (error) {
    if (error instanceof LoaError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('the examples of the province', () => {
  it.each(KINDS)('%s is accepted and nothing of it is lost', (kind) => {
    expect(parseDocument(kind, bytesOf(exampleText(kind)))).toEqual(example(kind))
  })

  it('a fresh document names the revisions of its area', () => {
    expect(parseDocument('fresh', bytesOf(FRESH))).toEqual(FRESH)
  })

  it('a job brings a release or calls it off', () => {
    const head = { kind: 'job', v: 1, device: 'd-1', rev: 1, iat: '2026-11-26T08:00:00+07:00' }
    const update = { ...head, job: { id: 'u-1', op: 'update', release: 'a.b.c', notBefore: head.iat } }
    expect(parseDocument('job', bytesOf(update))).toEqual(update)
    const cancel = { ...head, job: { id: 'u-2', op: 'cancel' } }
    expect(parseDocument('job', bytesOf(cancel))).toEqual(cancel)
    expect(faultOf('job', { ...head, job: { id: 'u-1', op: 'dance' } }).path).toBe('job.op')
    expect(faultOf('job', changed(update, 'job.release', 'no release')).path).toBe('job.release')
    expect(faultOf('job', changed(update, 'job.release', `a.b.${'c'.repeat(65_536)}`)).path).toBe(
      'job.release',
    )
  })
})

describe('one bad member refuses the whole document, with its path', () => {
  it.each<[Kind, string, unknown]>([
    ['schedule', 'kind', 'alert'],
    ['schedule', 'v', 2],
    ['schedule', 'area', '751'],
    ['schedule', 'area', '75/../75'],
    ['schedule', 'area', 'VN'],
    ['schedule', 'area', ''],
    ['schedule', 'rev', 0],
    ['schedule', 'rev', 1.5],
    ['schedule', 'rev', '42'],
    ['schedule', 'rev', 1_000_000_000_000],
    ['schedule', 'iat', '2026-11-22T03:00:00'],
    ['schedule', 'iat', '2026-02-30T03:00:00+07:00'],
    ['schedule', 'iat', '2026-11-22T24:00:00+07:00'],
    ['schedule', 'iat', 1763755200],
    ['schedule', 'exp', null],
    ['schedule', 'items', {}],
    ['schedule', 'items.1.id', '-x'],
    ['schedule', 'items.1.id', '../../etc/shadow'],
    ['schedule', 'items.1.id', 'a\u0000b'],
    ['schedule', 'items.1.id', 'tіn'],
    ['schedule', 'items.1.id', 'x'.repeat(41)],
    ['schedule', 'items.1.class', 'urgent'],
    ['schedule', 'items.1.tier', 'district'],
    ['schedule', 'items.1.title', 7],
    ['schedule', 'items.1.title', '\ud800'],
    ['schedule', 'items.1.when.times.0', '5:31:00'],
    ['schedule', 'items.1.when.times.0', '24:00:00'],
    ['schedule', 'items.1.when.times', []],
    ['schedule', 'items.1.when.days.6', 'sunday'],
    ['schedule', 'items.3.when.from', '2026-02-30'],
    ['schedule', 'items.3.when.except.0', '2026-13-01'],
    ['schedule', 'items.2.when.at', '2026-11-22 17:45'],
    ['schedule', 'items.0.parts.0.sound', 'gong'],
    ['schedule', 'items.0.parts.1.stream.seconds', 14_401],
    ['schedule', 'items.1.parts.0.audio.sha256', 'AB'.repeat(32)],
    ['schedule', 'items.1.parts.0.audio.bytes', 0],
    ['schedule', 'items.1.parts.0.audio.format', 'wma'],
    ['schedule', 'items.1.parts.0.audio.seconds', 0],
    ['schedule', 'items.1.parts.0.audio.urls.0', 'file:///etc/shadow'],
    ['schedule', 'items.1.parts.0.audio.urls.0', 'https://user:secret@content.example/'],
    ['schedule', 'items.1.parts.0.audio.urls', []],
    ['schedule', 'items.1.late.policy', 'never'],
    ['schedule', 'items.1.late.withinSeconds', -1],
    ['schedule', 'items.2.repeat.times', 0],
    ['schedule', 'items.2.volume', 101],
    ['schedule', 'items.2.sign.pages', []],
    ['schedule', 'items.2.sign.pages.0.mode', 'blink'],
    ['schedule', 'items.2.sign.pages.0.color', '#12345'],
    ['schedule', 'items.2.sign.pages.0.seconds', 0],
    ['schedule', 'items.2.sign.pages.0.text', ''],
    ['schedule', 'items.3.targets', ['d-1']],
    ['schedule', 'items.3.targets.groups', 'ap-3'],
    ['alert', 'alerts.0.event', 'rain'],
    ['alert', 'alerts.0.severity', 'unknown'],
    ['alert', 'alerts.0.until', 'tomorrow'],
    ['alert', 'alerts.0.siren.cycles', 0],
    ['alert', 'alerts.0.headline.vi', 1],
    ['alert', 'alerts.0.repeatEverySeconds', 0],
    ['trust', 'keys.0.x', 'A'.repeat(42)],
    ['trust', 'keys.0.x', `${'A'.repeat(42)}B`],
    ['trust', 'keys.0.kinds.0', 'everything'],
    ['trust', 'keys.0.maxClass', 'top'],
    ['trust', 'keys.0.area', '75/'],
    ['fresh', 'revs.schedule', -1],
    ['fresh', 'revs', [1]],
    ['desired', 'config.policy.quietHours.0.to', '21:30'],
    ['desired', 'config.heartbeat.intervalSeconds', 0],
    ['desired', 'config.languages', []],
    ['desired', 'device', 'd 1'],
    ['command', 'op', 'format'],
    ['command', 'args.parts', []],
    ['command', 'args.class', 'loud'],
    ['command', 'boot', ''],
  ])('%s %s %j', (kind, path, value) => {
    const fault = faultOf(kind, changed(valid(kind), path, value as never))
    const expected = path === 'config.policy.quietHours.0.to' ? 'config.policy.quietHours.0' : path
    expect(fault).toMatchObject({ code: 'INVALID', path: expected })
    expect(fault.message.startsWith(`${expected}: `)).toBe(true)
  })

  it.each(['kind', 'v', 'area', 'rev', 'iat', 'items', 'items.1.id', 'items.1.when'])(
    'a missing %s is named',
    (path) => {
      const fault = faultOf('schedule', changed(valid('schedule'), path, undefined))
      expect(fault).toMatchObject({ path, message: `${path}: is missing` })
    },
  )

  it('an item needs parts or a sign', () => {
    const fault = faultOf('schedule', changed(valid('schedule'), 'items.0.parts', undefined))
    expect(fault.path).toBe('items.0.parts')
    expect(faultOf('schedule', changed(valid('schedule'), 'items.0.parts', [])).path).toBe('items.0.parts')
  })

  it('an id that stands twice is a fault where it stands again', () => {
    const fault = faultOf('schedule', changed(valid('schedule'), 'items.2.id', 'tin-tinh'))
    expect(fault).toMatchObject({ path: 'items.2.id', message: 'items.2.id: is used twice' })
    expect(faultOf('trust', changed(valid('trust'), 'keys.1.kid', 'dongnai-2026a')).path).toBe('keys.1.kid')
  })

  it('the first fault in the order of the text is the one reported', () => {
    const [first, second] = [
      { id: 'a', when: { times: ['x'] }, volume: -1, parts: [{ sound: 'gong' }] },
      { id: 'a', parts: [{ sound: 'gong' }], volume: -1, when: { times: ['x'] } },
    ]
    expect(faultOf('schedule', { ...valid('schedule'), items: [first] }).path).toBe('items.0.when.times.0')
    expect(faultOf('schedule', { ...valid('schedule'), items: [second] }).path).toBe('items.0.parts.0.sound')
  })

  it('a part is exactly one thing', () => {
    for (const part of [{}, { sound: 'chime', pause: 1 }, null, 'chime'])
      expect(faultOf('schedule', changed(valid('schedule'), 'items.0.parts.0', part as never)).path).toBe(
        'items.0.parts.0',
      )
  })

  it('2,000 items are taken and 2,001 are not', () => {
    const items = Array.from({ length: 2_001 }, (_, n) => ({
      id: `i${n}`,
      when: { times: ['05:00:00'] },
      parts: [{ sound: 'chime' }],
    }))
    const document = { ...valid('schedule'), items: items.slice(0, 2_000) }
    expect(parseDocument('schedule', bytesOf(document)).items).toHaveLength(2_000)
    expect(faultOf('schedule', { ...document, items })).toMatchObject({ path: 'items' })
  })
})

describe('what publishers may leave out, add or write in their own way', () => {
  it('unknown members are passed over at every level', () => {
    const document = changed(changed(valid('schedule'), 'x-note', 1), 'items.0.parts.0.colour', 'red')
    expect(parseDocument('schedule', bytesOf(document))).toEqual(example('schedule'))
  })

  it('an empty list stands for an empty object', () => {
    const schedule = changed(valid('schedule'), 'items.3.targets', [])
    expect(parseDocument('schedule', bytesOf(schedule)).items[3]?.targets).toEqual({})
    const fresh = parseDocument('fresh', bytesOf({ ...FRESH, revs: [] }))
    expect(fresh.revs).toEqual({})
    expect(parseDocument('desired', bytesOf(changed(valid('desired'), 'config', []))).config).toEqual({})
    expect(
      parseDocument('desired', bytesOf(changed(valid('desired'), 'config.policy', []))).config.policy,
    ).toEqual({})
    const alert = parseDocument('alert', bytesOf(changed(valid('alert'), 'alerts.0.headline', [])))
    expect(alert.alerts[0]?.headline).toEqual({})
    const stop = { ...valid('command'), op: 'stop', args: [] }
    expect(parseDocument('command', bytesOf(stop))).toMatchObject({ op: 'stop', args: {} })
  })

  it('an empty list of parts beside a sign is no parts', () => {
    const document = changed(valid('schedule'), 'items.2.parts', [])
    expect(parseDocument('schedule', bytesOf(document)).items[2]).not.toHaveProperty('parts')
  })

  it('half a late rule is completed with skip and 60', () => {
    const late = (value: unknown) =>
      parseDocument('schedule', bytesOf(changed(valid('schedule'), 'items.1.late', value as never))).items[1]
        ?.late
    expect(late({ policy: 'join' })).toEqual({ policy: 'join', withinSeconds: 60 })
    expect(late({ withinSeconds: 5 })).toEqual({ policy: 'skip', withinSeconds: 5 })
  })

  it('every order of the contract is understood', () => {
    const order = (op: string, args: unknown) =>
      parseDocument('command', bytesOf({ ...valid('command'), op, args })).op
    const epoch = '0f'.repeat(16)
    for (const op of [
      'stop',
      'unmute',
      'sign-clear',
      'self-test',
      'bundle',
      'restart',
      'reboot',
      'mute',
      'sync',
    ])
      expect(order(op, {})).toBe(op)
    expect(order('mute', { seconds: 60 })).toBe('mute')
    expect(order('volume', { volume: 0 })).toBe('volume')
    expect(order('amplifier', { id: 'main', on: true, seconds: 5 })).toBe('amplifier')
    expect(order('sign', { pages: [{ text: 'x', seconds: 1 }], seconds: 9 })).toBe('sign')
    expect(order('sync', { from: { epoch, n: 7 } })).toBe('sync')
  })

  it('any boot nonce has the right form, so that a wrong one is refused as such', () => {
    const command = changed(valid('command'), 'boot', 'another')
    expect(parseDocument('command', bytesOf(command)).boot).toBe('another')
  })
})

describe('small messages', () => {
  it('an acknowledgement carries epoch, number and hash', () => {
    const acked = { epoch: '0f'.repeat(16), upTo: 5101, hash: 'ab'.repeat(32) }
    expect(parseAcked(bytesOf(acked))).toEqual(acked)
    expect(() => parseAcked(bytesOf({ ...acked, upTo: -1 }))).toThrow('upTo: expected an integer')
    expect(() => parseAcked(new Uint8Array(5_000))).toThrow('at most 4096')
  })

  it('the revision of a refused document is told when it can be read', () => {
    expect(claimedRevision(bytesOf({ rev: 9, items: 'broken' }))).toBe(9)
    for (const bad of ['{', '[]', '{"rev":"9"}', '{"rev":0}', 'null'])
      expect(claimedRevision(bytesOf(bad))).toBe(undefined)
  })
})
