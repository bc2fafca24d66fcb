import type {
  LogEntry,
  MediaReport,
  PlannedItem,
  PlayProgress,
  ScheduleReport,
  SignView,
  StatusReport,
} from '../../agent/core/status.ts'
import type { UpdateReport } from '../../agent/core/update/progress.ts'
import type { VerifyReport } from '../../agent/core/verify-report.ts'
import type { ControlHandlers } from '../../agent/ports/control.ts'
import type { Logger } from '../../agent/ports/logger.ts'
import { wellFacts } from './doctor-facts.ts'

export const statusReport: StatusReport = {
  device: 'd-7k2m4q9x',
  board: 'virtual',
  agent: '0.1.0',
  timezone: 'Asia/Ho_Chi_Minh',
  at: '2026-11-22T22:00:30.000Z',
  state: 'playing',
  health: 'degraded',
  problems: [{ code: 'SIGN', detail: 'gate: the port is gone' }, { code: 'SIGNATURES_OFF' }],
  clock: { state: 'synced', offsetMs: 0.4 },
  broker: { connected: true, url: 'mqtts://broker-a:8883', since: '2026-11-22T20:00:00.000Z' },
  net: { bearer: 'ethernet', device: 'eth0', addresses: ['192.0.2.7'] },
  playing: {
    item: 'sang-tin-xa',
    title: 'Bản tin xã buổi sáng',
    document: '75/26068/schedule',
    positionSeconds: 30,
    durationSeconds: 612,
    volume: 70,
  },
  next: [
    { item: 'hop-thon', title: 'Họp thôn', at: '2026-11-23T10:00:00.000Z', armed: false, reason: 'NO_MEDIA' },
  ],
  outbox: 3,
  media: { wanted: 4, present: 3 },
  amps: { main: 'on' },
  signs: { gate: 'fault' },
  shown: {},
  inputs: {},
  sensors: {},
  lines: {},
  uptimeSeconds: 93_784,
  underruns: 0,
  muted: false,
  jail: { state: 'partial', missing: ['files'] },
  rejected: [
    {
      document: '75/schedule',
      rev: 43,
      code: 'INVALID',
      path: 'items.1.when.times.0',
      message: 'expected a local time',
    },
  ],
}

const planned = (item: string, at: string, more: Partial<PlannedItem> = {}): PlannedItem => ({
  planned: at,
  item,
  document: '75/26068/schedule',
  class: 'normal',
  tier: 'commune',
  seconds: 612,
  armed: true,
  ...more,
})

export const scheduleReport: ScheduleReport = {
  timezone: 'Asia/Ho_Chi_Minh',
  from: '2026-11-22T17:00:00.000Z',
  until: '2026-11-23T17:00:00.000Z',
  items: [
    planned('sang-tin-xa', '2026-11-22T22:00:00.000Z', { title: 'Bản tin xã buổi sáng' }),
    planned('tin-tinh', '2026-11-22T22:05:00.000Z', {
      title: 'Bản tin tỉnh',
      conflictWith: 'sang-tin-xa',
      conflict: { with: 'sang-tin-xa', outcome: 'waits', at: '2026-11-22T22:10:12.000Z' },
      document: '75/schedule',
      tier: 'province',
    }),
    planned('dem', '2026-11-23T15:00:00.000Z', { refused: 'QUIET_HOURS', armed: false, reason: 'NO_MEDIA' }),
  ],
}

export const mediaReport: MediaReport = {
  timezone: 'Asia/Ho_Chi_Minh',
  wanted: 2,
  present: 1,
  quotaMb: 4096,
  usedMb: 9.3,
  files: [
    { sha256: 'a'.repeat(64), format: 'mp3', bytes: 9_792_000, heldBytes: 9_792_000, state: 'ready' },
    {
      sha256: 'b'.repeat(64),
      format: 'ogg',
      bytes: 983_040,
      heldBytes: 245_760,
      state: 'fetching',
      neededAt: '2026-11-23T10:00:00.000Z',
      neededBy: 'hop-thon',
      bytesPerSecond: 2048,
    },
  ],
}

export const logEntries: readonly LogEntry[] = [
  {
    topic: 'playback',
    record: {
      n: 7,
      prev: '0'.repeat(64),
      hash: '1'.repeat(64),
      item: 'sang-tin-xa',
      document: '75/26068/schedule',
      rev: 42,
      class: 'normal',
      tier: 'commune',
      planned: '2026-11-22T22:00:00.000Z',
      started: '2026-11-22T22:00:00.001Z',
      playedSeconds: 612,
      startErrorMs: 0.6,
      clock: 'synced',
      result: 'partial',
      reason: 'STOPPED',
      volume: 70,
      underruns: 0,
      frames: 29_376_000,
    },
  },
  {
    topic: 'event',
    record: {
      n: 8,
      prev: '1'.repeat(64),
      hash: '2'.repeat(64),
      at: '2026-11-22T22:20:00.000Z',
      code: 'BROKER',
      severity: 'warning',
      data: { url: 'mqtts://broker-a:8883' },
    },
  },
]

/** One lit dot in a corner. */
export const signPicturesReport: readonly SignView[] = [
  {
    id: 'gate',
    width: 4,
    height: 2,
    text: 'Họp thôn',
    drawsItself: false,
    picture: { width: 4, height: 2, rgb: Buffer.from([255, ...Array(23).fill(0)]).toString('base64') },
  },
]

export const verifyReport: VerifyReport = {
  kind: 'schedule',
  document: '75/26068/schedule',
  area: '75/26068',
  rev: 42,
  iat: '2026-11-22T03:00:00+07:00',
  exp: '2026-12-22T00:00:00+07:00',
  hash: 'c'.repeat(64),
  signatures: 'required',
  keys: [{ kid: 'c-75-26068', known: true, verifies: true, maySign: true }],
  verdict: 'accepted',
  held: { rev: 41, hash: 'd'.repeat(64), signers: ['c-75-26068'] },
}

export type FakeAgent = {
  readonly handlers: ControlHandlers
  /** What was asked, in order. */
  readonly asked: { readonly verb: string; readonly args: unknown }[]
  /** Bytes that came with `play` or `verify`. */
  readonly received: Uint8Array[]
}

/** Answers as an agent would, with fixed reports; `follow` streams end after what is fixed. */
export const fakeAgent = (overrides: Partial<ControlHandlers> = {}): FakeAgent => {
  const asked: { verb: string; args: unknown }[] = []
  const received: Uint8Array[] = []
  const answering =
    <Value>(verb: string, value: Value) =>
    (args: unknown): Value => {
      asked.push({ verb, args })
      return value
    }
  const handlers: ControlHandlers = {
    status: {
      answer: answering('status', statusReport),
      async *stream() {
        yield statusReport
        yield { ...statusReport, state: 'idle' }
      },
    },
    schedule: { answer: answering('schedule', scheduleReport) },
    media: { answer: answering('media', mediaReport) },
    log: {
      answer: answering('log', { timezone: 'Asia/Ho_Chi_Minh', entries: logEntries }),
      async *stream() {
        yield* logEntries
      },
    },
    play: {
      async *stream(args, { body }): AsyncGenerator<PlayProgress> {
        asked.push({ verb: 'play', args })
        for await (const chunk of body) received.push(chunk)
        yield { state: 'accepted', item: 'local-1' }
        yield {
          state: 'playing',
          item: 'local-1',
          startedAt: '2026-11-22T22:00:00.000Z',
          amplifiers: ['main'],
        }
        yield { state: 'ended', item: 'local-1', result: 'completed', playedSeconds: 3 }
      },
    },
    verify: {
      answer: async (args, { body }) => {
        for await (const chunk of body) received.push(chunk)
        return answering('verify', verifyReport)(args)
      },
    },
    update: {
      async *stream(args, { body }): AsyncGenerator<UpdateReport> {
        asked.push({ verb: 'update', args })
        for await (const chunk of body) received.push(chunk)
        const order = { id: 'u-1', by: 'local', version: '1.2.0' } as const
        yield { ...order, state: 'fetching', progress: 50 }
        yield { ...order, state: 'staged', waits: { for: 'playing', item: 'tin-sang' } }
        yield { ...order, state: 'trial' }
      },
    },
    'update-cancel': { answer: answering('update-cancel', { cancelled: false }) },
    amplifier: {
      answer: (args) => answering('amplifier', { id: args.id, state: args.on ? 'on' : 'off' } as const)(args),
    },
    'learn-line': { answer: answering('learn-line', { state: 'learning' } as const) },
    sign: {
      answer: async (args, { body }) => {
        for await (const chunk of body) received.push(chunk)
        const { what, seconds = 60 } = args
        const signs = { gate: 'ok' } as const
        return answering(
          'sign',
          what === 'clear' ? { cleared: 2, signs } : { item: 'local-1', seconds, signs },
        )(args)
      },
    },
    doctor: { answer: answering('doctor', wellFacts.agent) },
    bundle: {
      async *stream() {
        yield { name: 'status.json', text: '{\n' }
        yield { name: 'status.json', text: '}\n' }
      },
    },
    'sign-pictures': {
      answer: answering('sign-pictures', signPicturesReport),
      async *stream() {
        yield signPicturesReport
      },
    },
    unmute: { answer: answering('unmute', { muted: true }) },
    selftest: {
      async *stream() {
        yield { state: 'refused', why: 'running' }
      },
    },
    'selftest-answer': { answer: answering('selftest-answer', { taken: true }) },
    ...overrides,
  }
  return { handlers, asked, received }
}

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
}
