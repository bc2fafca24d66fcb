import { describe, expect, it } from 'vitest'
import { REFUSALS } from '../../../agent/core/codes.ts'
import type { UpMessages } from '../../../agent/core/upstream.ts'
import { parseUpMessage } from '../../../agent/wire/upstream.ts'
import { bytesOf, changed, example, type JsonObject } from '../../fixtures/documents.ts'

const at = '2026-11-22T05:00:00.000Z'
const boot = '0f'.repeat(16)
const hash = 'ab'.repeat(32)

const MESSAGES: UpMessages = {
  state: { v: 1, state: 'online', boot, connection: 3, agent: '0.1.0', at },
  about: {
    v: 1,
    device: 'd-1',
    province: '75',
    commune: '26068',
    kind: 'speaker-sign',
    board: 'virtual',
    model: 'x',
    serial: 'y',
    agent: '0.1.0',
    node: '24.21.0',
    os: 'Debian 12',
    audio: 'alsa',
    amplifiers: ['main'],
    signs: [{ id: 'gate', driver: 'virtual', width: 64, height: 16 }],
    inputs: [],
    languages: ['vi'],
    capabilities: [],
  },
  reported: {
    v: 1,
    at,
    revs: { '75/26068/schedule': 42, desired: 5 },
    rejected: [{ document: '75/alert', rev: 7, code: 'INVALID', path: 'alerts.0.id', message: 'x' }],
    config: {
      policy: { quietHours: [], volume: [], normalFromProvince: 'play', fadeInSeconds: 0 },
      groups: [],
      heartbeat: { intervalSeconds: 60 },
      volume: 100,
      languages: ['vi'],
      place: {
        province: '77',
        commune: '26680',
        formerly: [{ province: '75', commune: '26068', until: '2026-12-31' }],
      },
    },
    media: { wanted: 2, present: 1, missing: [hash] },
    next: [{ item: 'a', at, armed: false, reason: 'NO_MEDIA' }],
  },
  heartbeat: example('heartbeat') as unknown as UpMessages['heartbeat'],
  playback: {
    v: 1,
    device: 'd-1',
    epoch: boot,
    records: [
      {
        n: 1,
        prev: '0'.repeat(64),
        hash,
        item: 'a',
        document: '75/26068/schedule',
        rev: 42,
        class: 'normal',
        tier: 'commune',
        planned: at,
        started: at,
        ended: at,
        playedSeconds: 1.5,
        startErrorMs: -0.02,
        clock: 'synced',
        result: 'partial',
        reason: 'LATE',
        volume: 70,
        underruns: 0,
        frames: 72_000,
        relay: true,
      },
    ],
  },
  event: {
    v: 1,
    device: 'd-1',
    epoch: boot,
    records: [{ n: 2, prev: hash, hash, at, code: 'GAP', severity: 'info', data: { from: 1, to: 2 } }],
  },
  reply: { v: 1, id: 'c-1', status: 'rejected', code: 'WRONG_BOOT', at },
  job: { v: 1, state: 'refused', code: 'INVALID', at },
}

describe('what the device sends', () => {
  it.each(Object.keys(MESSAGES) as (keyof UpMessages)[])('%s passes its own schema unchanged', (kind) => {
    expect(parseUpMessage(kind, bytesOf(MESSAGES[kind]))).toEqual(MESSAGES[kind])
  })

  it('every refusal of the core can be reported', () => {
    for (const code of Object.keys(REFUSALS)) {
      const reported = changed(MESSAGES.reported as unknown as JsonObject, 'rejected.0.code', code)
      expect(parseUpMessage('reported', bytesOf(reported)).rejected[0]?.code).toBe(code)
    }
  })

  it.each<[keyof UpMessages, string, unknown]>([
    ['state', 'boot', 'x'],
    ['heartbeat', 'problems.0', 'lower'],
    ['heartbeat', 'at', '2026-11-22T05:00:00+07:00'],
    ['heartbeat', 'amps.main', 'closed'],
    ['reported', 'revs', { 'schedule/75': 1 }],
    ['playback', 'records', []],
    ['playback', 'records.0.hash', 'x'],
    ['event', 'records.0.severity', 'bad'],
    ['reply', 'status', 'maybe'],
  ])('%s with a wrong %s is noticed', (kind, path, value) => {
    const message = changed(MESSAGES[kind] as unknown as JsonObject, path, value as never)
    expect(() => parseUpMessage(kind, bytesOf(message))).toThrow(path)
  })
})
