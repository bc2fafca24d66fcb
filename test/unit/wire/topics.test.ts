import { describe, expect, it } from 'vitest'
import { areasOf } from '../../../agent/core/place.ts'
import { createTopics, documentKey } from '../../../agent/wire/topics.ts'

const topics = createTopics({ root: 'loa/v1', province: '75', commune: '26068', id: 'd-7k2m4q9x' })

describe('the topics of a device', () => {
  it('trust of the three areas comes first', () => {
    expect(topics.trust).toEqual([
      'loa/v1/area/vn/trust',
      'loa/v1/area/75/trust',
      'loa/v1/area/75/26068/trust',
    ])
  })

  it('the rest is exact, without wildcards, alerts first', () => {
    expect(topics.rest).toEqual([
      'loa/v1/area/vn/alert',
      'loa/v1/area/75/alert',
      'loa/v1/area/75/26068/alert',
      'loa/v1/area/vn/schedule',
      'loa/v1/area/75/schedule',
      'loa/v1/area/75/26068/schedule',
      'loa/v1/area/vn/fresh',
      'loa/v1/area/75/fresh',
      'loa/v1/area/75/26068/fresh',
      'loa/v1/device/75/d-7k2m4q9x/down/command',
      'loa/v1/device/75/d-7k2m4q9x/down/desired',
      'loa/v1/device/75/d-7k2m4q9x/down/job',
      'loa/v1/device/75/d-7k2m4q9x/down/acked',
      'loa/v1/device/75/d-7k2m4q9x/up/state',
    ])
  })

  it('everything sent goes under its own up', () => {
    for (const [kind, topic] of Object.entries(topics.up))
      expect(topic).toBe(`loa/v1/device/75/d-7k2m4q9x/up/${kind}`)
    expect(Object.keys(topics.up)).toHaveLength(8)
  })

  it('each subscribed topic is recognised', () => {
    for (const topic of [...topics.trust, ...topics.rest]) expect(topics.classify(topic)).toBeDefined()
    expect(topics.classify('loa/v1/area/75/26068/schedule')).toEqual({
      kind: 'schedule',
      area: '75/26068',
      key: '75/26068/schedule',
    })
    expect(topics.classify('loa/v1/device/75/d-7k2m4q9x/down/desired')).toEqual({
      kind: 'desired',
      device: 'd-7k2m4q9x',
      area: '75/26068',
      key: 'desired',
    })
    expect(topics.classify('loa/v1/device/75/d-7k2m4q9x/up/state')).toEqual({ kind: 'state' })
  })

  it.each([
    'loa/v1/area/751/schedule',
    'loa/v1/area/75/26069/schedule',
    'loa/v1/area//schedule',
    'loa/v1/area/75/../75/schedule',
    'loa/v1/area/75/26068/schedule/',
    'loa/v1/device/75/other/down/command',
    'loa/v1/device/75/d-7k2m4q9x/up/reply',
    'constructor',
    '__proto__',
    '',
  ])('%j is not ours', (topic) => {
    expect(topics.classify(topic)).toBe(undefined)
  })

  it('documents are known by area and kind', () => {
    expect(areasOf({ province: '75', commune: '26068' })).toEqual(['vn', '75', '75/26068'])
    expect(documentKey('alert', 'vn')).toBe('vn/alert')
    expect(documentKey('desired')).toBe('desired')
  })
})

describe('topics of a device that was moved', () => {
  const DEVICE = { root: 'loa/v1', province: '77', commune: '26680', id: 'd-1' }
  const former = [
    { province: '75', commune: '26068' },
    { province: '77', commune: '26683' },
  ]
  const both = createTopics({ ...DEVICE, former })
  const added = [...both.trust, ...both.rest].filter(
    (topic) => ![...createTopics(DEVICE).trust, ...createTopics(DEVICE).rest].includes(topic),
  )

  it('are those of the present place, the documents of former ones, and of another province acknowledgements and its own state', () => {
    const documents = ['75', '75/26068', '77/26683'].flatMap((area) =>
      ['trust', 'alert', 'schedule', 'fresh'].map((kind) => `loa/v1/area/${area}/${kind}`),
    )
    const own = ['loa/v1/device/75/d-1/down/acked', 'loa/v1/device/75/d-1/up/state']
    expect(added.toSorted()).toEqual([...documents, ...own].toSorted())
    expect(both.classify('loa/v1/device/75/d-1/down/acked')).toEqual({ kind: 'acked' })
    expect(both.up).toEqual(createTopics(DEVICE).up)
  })

  it.each(['command', 'desired', 'job'])('%s of the former province is not listened to', (kind) => {
    expect(both.classify(`loa/v1/device/75/d-1/down/${kind}`)).toBeUndefined()
  })
})
