import { grant } from '../source-system/trust.ts'
import { COMMUNE, PROVINCE } from './keys.ts'

/** When the vectors are judged, and by which device. */
export const NOW = new Date('2026-11-22T08:00:00+07:00')
export const DEVICE = 'd-7k2m4q9x'
export const BOOT = '00112233445566778899aabbccddeeff'
const IAT = '2026-11-22T07:55:00+07:00'
const from = new Date('2026-11-01T00:00:00+07:00')

const head = (kind: string, area: string, rev: number) => ({ kind, v: 1, area, rev, iat: IAT })

export const trust = {
  ...head('trust', '75', 1),
  keys: [grant(PROVINCE, { area: '75', from }), grant(COMMUNE, { area: '75/26068', from })],
}
export const schedule = {
  ...head('schedule', '75/26068', 42),
  exp: '2026-12-22T00:00:00+07:00',
  items: [
    {
      id: 'sang-tin-xa',
      title: 'Bản tin xã buổi sáng',
      when: { times: ['05:00:00'], days: ['mon', 'sat'] },
      parts: [{ sound: 'chime' }, { speech: { text: 'Trân trọng cảm ơn.', language: 'vi' } }],
    },
  ],
}
export const alert = {
  ...head('alert', '75', 7),
  alerts: [
    {
      id: 'lu-2026-11-22',
      event: 'flood',
      severity: 'extreme',
      headline: { vi: 'Lũ khẩn cấp trên sông Đồng Nai' },
      siren: { onSeconds: 20, offSeconds: 10, cycles: 3 },
      until: '2026-11-22T12:00:00+07:00',
    },
  ],
}
export const fresh = { ...head('fresh', '75', 20261122), revs: { trust: 1, alert: 7 } }
export const desired = {
  kind: 'desired',
  v: 1,
  device: DEVICE,
  rev: 5,
  iat: IAT,
  config: { volume: 80, policy: { quietHours: [{ from: '21:30', to: '05:00' }] } },
}
export const command = {
  kind: 'command',
  v: 1,
  id: '0f0c9a52-8f2e-4c1e-9d6a-0a8f0f6d2b11',
  device: DEVICE,
  boot: BOOT,
  iat: '2026-11-22T07:59:30+07:00',
  exp: '2026-11-22T08:01:30+07:00',
  op: 'mute',
  args: { seconds: 600 },
}
