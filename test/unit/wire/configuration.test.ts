import { describe, expect, it } from 'vitest'
import { ConfigFault } from '../../../agent/wire/config-fault.ts'
import { readConfiguration } from '../../../agent/wire/configuration.ts'
import { changed, type JsonObject } from '../../fixtures/documents.ts'

const X = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
const MINIMAL: JsonObject = {
  device: { id: 'd-7k2m4q9x', province: '75', commune: '26068' },
  board: 'virtual',
  mqtt: { urls: ['mqtt://127.0.0.1:1883'] },
  security: { rootKeys: [{ kid: 'root-a', x: X }] },
}

const faultsOf = (value: unknown): readonly { path: string; message: string }[] => {
  try {
    readConfiguration(value, 'agent.yaml')
  } catch (fault) {
    if (fault instanceof ConfigFault) return fault.faults
    throw fault
  }
  return []
}
const pathsOf = (value: unknown): readonly string[] => faultsOf(value).map(({ path }) => path)

describe('agent.yaml', () => {
  it('has a default for everything but device, board, brokers and root keys', () => {
    expect(readConfiguration(MINIMAL, 'agent.yaml')).toEqual({
      device: { id: 'd-7k2m4q9x', province: '75', commune: '26068', groups: [], languages: ['vi'] },
      board: 'virtual',
      timezone: 'Asia/Ho_Chi_Minh',
      mqtt: { urls: ['mqtt://127.0.0.1:1883'], protocol: 5, topicRoot: 'loa/v1' },
      content: { allow: [], quotaMb: 4096, maxFileMb: 256 },
      security: { signatures: 'required', rootKeys: [{ kid: 'root-a', x: X }], threshold: 1 },
      policy: {
        quietHours: [{ from: '21:00', to: '05:00' }],
        volume: [],
        normalFromProvince: 'play',
        fadeInSeconds: 0,
      },
      contacts: [],
      speech: {},
      network: { modems: [] },
      heartbeat: { intervalSeconds: 60 },
      outbox: { ack: 'server' },
      update: { keys: [], trialMinutes: 5 },
      paths: { state: '/var/lib/loa', runtime: '/run/loa' },
      log: { level: 'info' },
    })
  })

  const formerly = (...places: JsonObject[]) => changed(MINIMAL, 'device.formerly', places)
  const DAT_DO = { province: '77', commune: '26680', until: '2026-12-31' }

  it('a former place ends with a date or at an instant', () => {
    const until = { ...DAT_DO, commune: '26683', until: '2026-12-31T17:00:00+07:00' }
    expect(readConfiguration(formerly(DAT_DO, until), 'x').device.formerly).toEqual([DAT_DO, until])
  })

  it('a former place is not the present one, stands once, and has an end that exists', () => {
    expect(pathsOf(formerly({ ...DAT_DO, province: '75', commune: '26068' }))).toEqual(['device.formerly'])
    expect(pathsOf(formerly(DAT_DO, { ...DAT_DO, until: '2027-01-31' }))).toEqual(['device.formerly'])
    expect(pathsOf(formerly({ ...DAT_DO, until: '2026-02-30' }))).toEqual(['device.formerly.0.until'])
    expect(pathsOf(formerly({ ...DAT_DO, until: 2026 }))).toEqual(['device.formerly.0.until'])
    const five = Array.from({ length: 5 }, (_, n) => ({ ...DAT_DO, commune: `2668${n}` }))
    expect(pathsOf(formerly(...five))).toEqual(['device.formerly'])
  })

  it('no quiet hours is an empty list', () => {
    const config = readConfiguration(changed(MINIMAL, 'policy', { quietHours: [] }), 'x')
    expect(config.policy).toMatchObject({ quietHours: [], normalFromProvince: 'play' })
  })

  it('a budget of data has a month and a night, and a page to ask has a path', () => {
    const network = { probe: { url: 'http://probe.example/ok' }, data: { monthlyMb: 3000 } }
    expect(readConfiguration(changed(MINIMAL, 'network', network), 'x').network).toEqual({
      modems: [],
      probe: { url: 'http://probe.example/ok' },
      data: { monthlyMb: 3000, billingDay: 1, night: [{ from: '00:00', to: '05:00' }] },
    })
    const wrong = {
      modems: ['a/b'],
      probe: { url: 'ftp://x/', answer: '' },
      data: { monthlyMb: 0, billingDay: 32, night: [{ from: '01:00', to: '01:00' }], warn: 1 },
    }
    expect(pathsOf(changed(MINIMAL, 'network', wrong)).toSorted()).toEqual([
      'network.data.billingDay',
      'network.data.monthlyMb',
      'network.data.night.0',
      'network.data.warn',
      'network.modems.0',
      'network.probe.answer',
      'network.probe.url',
    ])
  })

  it('what a contact starts is held to the shape of an alert, and no key in it is passed over', () => {
    const contact = {
      input: 'alarm',
      event: 'fire',
      siren: { onSeconds: 20, offSeconds: 10, cycles: 3 },
      parts: [{ speech: { text: 'Có cháy.' } }],
      sign: { pages: [{ text: 'CHÁY', seconds: 5 }] },
    }
    const faults = (path: string, value: JsonObject | string | number | boolean) =>
      pathsOf(changed(changed(MINIMAL, 'contacts', [contact]), path, value))
    expect(readConfiguration(changed(MINIMAL, 'contacts', [contact]), 'x').contacts).toEqual([contact])
    expect(faults('contacts.0.parts.0.speech.voice', 'loud')).toEqual(['contacts.0.parts.0.speech.voice'])
    expect(faults('contacts.0.siren.volume', 1)).toEqual(['contacts.0.siren.volume'])
    expect(faults('contacts.0.sign.pages.0.blink', true)).toEqual(['contacts.0.sign.pages.0.blink'])
    expect(faults('contacts.0.event', 'party')).toEqual(['contacts.0.event'])
    expect(faults('contacts.1', contact)).toEqual(['contacts.1.input'])
  })

  it('every fault is reported at once, in the order of the file', () => {
    const value = {
      device: { id: 'd 1', province: 75, commune: 26068, colour: 'red', size: 1 },
      bord: 'virtual',
      mqtt: { urls: ['http://broker', 'mqtt://ok', 'mqtts://user:pw@broker'], protocol: 3, tls: true },
      policy: {
        quietHours: [{ from: '24:00', to: '5:00' }],
        volume: [{ from: '05:00', to: '06:00', max: 101 }],
      },
      log: { level: 'loud' },
    }
    expect(pathsOf(value)).toEqual([
      'device.id',
      'device.province',
      'device.commune',
      'device.colour',
      'device.size',
      'bord',
      'mqtt.urls.0',
      'mqtt.urls.2',
      'mqtt.protocol',
      'mqtt.tls',
      'policy.quietHours.0.from',
      'policy.quietHours.0.to',
      'policy.volume.0.max',
      'log.level',
      'board',
      'security.rootKeys',
    ])
  })

  it('an unknown key is named with those that are known', () => {
    expect(faultsOf(changed(MINIMAL, 'log', { levels: 'info' }))).toEqual([
      { path: 'log.levels', message: 'unknown key; known here: level' },
    ])
    expect(pathsOf(changed(MINIMAL, 'constructor', 1))).toEqual(['constructor'])
  })

  it('a code that YAML reads as a number says what to do', () => {
    const [fault] = faultsOf(changed(MINIMAL, 'device.province', 1))
    expect(fault).toEqual({
      path: 'device.province',
      message: 'a number here: write it in quotes, such as "75"',
    })
  })

  it.each([
    ['d-26068-3', false],
    ['x26068y', false],
    ['d-75', false],
    ['75.gate', false],
    ['d-7k2m475x', true],
    ['d-175', true],
    ['d-2606', true],
  ])('the id %s contains no code of its place: %s', (id, fine) => {
    expect(pathsOf(changed(MINIMAL, 'device.id', id))).toEqual(fine ? [] : ['device.id'])
  })

  it('root keys may be missing only with signatures off', () => {
    const security = (value: JsonObject | undefined) => pathsOf(changed(MINIMAL, 'security', value))
    expect(security(undefined)).toEqual(['security.rootKeys'])
    expect(security({})).toEqual(['security.rootKeys'])
    expect(security({ signatures: 'off' })).toEqual([])
    expect(security({ signatures: 'of' })).toEqual(['security.signatures'])
    expect(
      security({
        rootKeys: [
          { kid: 'a', x: X },
          { kid: 'b', x: X },
        ],
      }),
    ).toEqual(['security.rootKeys'])
    expect(security({ rootKeys: [{ kid: 'a', x: X }], threshold: 2 })).toEqual(['security.threshold'])
    expect(security({ rootKeys: [{ kid: 'a', x: `${X}=` }] })).toEqual(['security.rootKeys.0.x'])
  })

  it('a password needs a user, a certificate its key and a key its certificate', () => {
    const mqtt = (more: JsonObject) => pathsOf(changed(MINIMAL, 'mqtt', { urls: ['mqtts://b'], ...more }))
    expect(mqtt({ passwordFile: '/run/p' })).toEqual(['mqtt.passwordFile'])
    expect(mqtt({ cert: '/c' })).toEqual(['mqtt.key'])
    expect(mqtt({ key: '/k' })).toEqual(['mqtt.cert'])
    expect(mqtt({ username: 'u', passwordFile: '/run/p', ca: '/a', cert: '/c', key: '/k' })).toEqual([])
    expect(mqtt({ topicRoot: 'loa/#' })).toEqual(['mqtt.topicRoot'])
    expect(mqtt({ topicRoot: '/loa' })).toEqual(['mqtt.topicRoot'])
    expect(mqtt({ urls: [] })).toEqual(['mqtt.urls'])
    expect(mqtt({ urls: ['mqtt://[::1]:1883', 'mqtts://10.0.0.1/'] })).toEqual([])
  })

  it('a content host is closed with a slash, so that no longer host name passes for it', () => {
    const allow = (...places: string[]) =>
      readConfiguration(changed(MINIMAL, 'content', { allow: places }), 'x').content.allow
    expect(allow('https://content.example', 'http://127.0.0.1:80/c')).toEqual([
      'https://content.example/',
      'http://127.0.0.1:80/c',
    ])
    expect(pathsOf(changed(MINIMAL, 'content', { allow: ['file:///', 'https://u:p@x/'] }))).toEqual([
      'content.allow.0',
      'content.allow.1',
    ])
  })

  it('a zone must exist and a range must have an end of its own', () => {
    expect(pathsOf(changed(MINIMAL, 'timezone', 'Asia/Saigon_2'))).toEqual(['timezone'])
    expect(pathsOf(changed(MINIMAL, 'timezone', 'UTC'))).toEqual([])
    const range = { from: '05:00', to: '05:00' }
    expect(pathsOf(changed(MINIMAL, 'policy', { quietHours: [range] }))).toEqual(['policy.quietHours.0'])
  })

  it.each([null, undefined, 'text', 7, [1]])('%j is no configuration', (value) => {
    expect(faultsOf(value)).toMatchObject([{ path: '' }])
  })
})

describe('speech', () => {
  const voice = { language: 'vi', model: '/usr/share/piper/vi_VN-vais1000-medium.onnx' }
  const withPiper = (piper: JsonObject): JsonObject => ({ ...MINIMAL, speech: { piper } })

  it('may name piper with its voices', () => {
    const piper = { binary: '/usr/local/bin/piper', voices: [voice] }
    expect(readConfiguration(withPiper(piper), 'agent.yaml').speech).toEqual({ piper })
  })

  it('names a fault where it is', () => {
    expect(pathsOf(withPiper({ binary: 'piper', voices: [] }))).toEqual([
      'speech.piper.binary',
      'speech.piper.voices',
    ])
    const twice = [voice, { ...voice, language: 'VI' }]
    expect(pathsOf(withPiper({ binary: '/usr/local/bin/piper', voices: twice }))).toEqual([
      'speech.piper.voices',
    ])
    expect(pathsOf({ ...MINIMAL, speech: { festival: {} } })).toEqual(['speech.festival'])
  })
})
