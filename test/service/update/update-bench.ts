import { createHash } from 'node:crypto'
import type { JobDocument } from '../../../agent/core/documents.ts'
import { LoaError } from '../../../agent/core/error.ts'
import type { UpdateWait } from '../../../agent/core/update/progress.ts'
import type { Release } from '../../../agent/core/update/release.ts'
import { packageOnly, type SlotsInput, transition } from '../../../agent/core/update/slots.ts'
import type { MediaFetcher } from '../../../agent/ports/media-fetcher.ts'
import { UpdateMemory } from '../../../agent/services/update/memory.ts'
import { Updating, type UpdatingParts } from '../../../agent/services/update/updating.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'
import { MemoryUpdateDesk } from '../../fakes/memory-update-desk.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

export const PACKAGE = Buffer.alloc(10_000, 'a package')
export const sha256 = createHash('sha256').update(PACKAGE).digest('hex')
export const URL_A = 'https://a.example/r.deb'
export const URL_B = 'https://b.example/r.deb'

export const releaseOf = (version: string, more: Partial<Release> = {}): Release => ({
  kind: 'release',
  v: 1,
  version,
  iat: '2026-11-20T00:00:00Z',
  exp: '2027-11-20T00:00:00Z',
  files: [{ arch: 'arm64', sha256, bytes: PACKAGE.length, urls: [URL_A, URL_B] }],
  ...more,
})

/** A server that gives what it is told to. */
export class Servers implements MediaFetcher {
  readonly asked: { readonly url: string; readonly offset: number }[] = []
  serve: (url: string, offset: number) => Iterable<Uint8Array | Error> = (_url, offset) => [
    PACKAGE.subarray(offset),
  ]

  allows(url: string): boolean {
    return url.startsWith('https://')
  }

  async *fetch(url: string, offset: number, _bytes: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.asked.push({ url, offset })
    for (const piece of this.serve(url, offset)) {
      signal.throwIfAborted()
      if (piece instanceof Error) throw piece
      yield piece
    }
  }
}

type Settings = { readonly release?: Release; readonly op?: 'update' | 'cancel'; readonly notBefore?: string }

type Seen = {
  restarts: number
  warmed: number
  failure: unknown
  waits: UpdateWait | undefined
  hold: UpdateWait | undefined
  room: boolean
  sound: 'ok' | 'fault' | undefined
  connected: boolean
  answers: boolean
  silent: string[]
  seen: number
  job: JobDocument | undefined
  readonly releases: Map<string, Release>
}

/** What outlives a start of the agent. */
type Lasting = {
  readonly clock: ManualClock
  readonly store: MemoryStateStore
  readonly desk: MemoryUpdateDesk
  readonly seen: Pick<Seen, 'job' | 'releases'>
}

/** The agent side of updates with an updater that answers at once, as the real one would. */
export const updateBench = (before?: Lasting) => {
  const clock = before?.clock ?? new ManualClock()
  const store = before?.store ?? new MemoryStateStore(() => clock.wall(), 1000)
  const desk = before?.desk ?? new MemoryUpdateDesk()
  const servers = new Servers()
  const stop = new AbortController()
  const events: { readonly code: string; readonly data: Record<string, unknown> }[] = []
  const seen: Seen = {
    restarts: 0,
    warmed: 0,
    failure: undefined,
    waits: undefined,
    hold: undefined,
    room: true,
    sound: 'ok',
    connected: true,
    answers: false,
    silent: [],
    seen: 0,
    job: before?.seen.job,
    releases: before?.seen.releases ?? new Map(),
  }
  const tell = (input: SlotsInput): void => {
    desk.slotsNow = transition(desk.slotsNow ?? packageOnly('0.9.0'), input)
  }
  desk.onAsk = (request) => {
    const at = new Date(clock.wall()).toISOString()
    const { version = '' } = seen.releases.get(Buffer.from(desk.release() ?? []).toString()) ?? {}
    const staged = { slot: 'a', version, sha256 } as const
    if (request.op === 'stage') tell({ kind: 'staged', request: request.id, release: staged })
    else if (request.op === 'try') tell({ kind: 'try', request: request.id, before: request.before })
    else if (request.op === 'sick') tell({ kind: 'sick', request: request.id, reason: request.reason, at })
    else tell({ kind: request.op, request: request.id })
  }
  let ids = 0
  const parts: UpdatingParts = {
    clock,
    logger: silentLogger,
    random: () => 0,
    randomHex: () => `id-${ids++}`,
    memory: new UpdateMemory(store.facts),
    facts: store.facts,
    desk,
    fetcher: servers,
    hold: () => seen.hold,
    hasRoom: () => seen.room,
    job: () => seen.job,
    openRelease: (jws) => {
      const release = seen.releases.get(Buffer.from(jws).toString())
      if (release === undefined) throw new LoaError('BAD_SIGNATURE', 'the signature does not verify')
      return release
    },
    version: '0.9.0',
    architecture: 'arm64',
    judgingTime: () => clock.wall(),
    busy: () => seen.waits,
    sounding: () => seen.waits?.for === 'playing',
    wasOnline: () => true,
    silent: () => seen.silent,
    sound: () => seen.sound,
    warm: () => {
      seen.warmed += 1
    },
    broker: {
      connected: () => seen.connected,
      fault: () => 'mqtt://broker: refused',
      answers: async () => seen.answers,
    },
    trialMs: 300_000,
    event: (code, _severity, data) => events.push({ code, data }),
    restart: () => {
      seen.restarts += 1
    },
    fail: (error) => {
      seen.failure = error
    },
    seen: () => {
      seen.seen += 1
    },
  }
  const updating = new Updating(parts)
  const running = updating.run(stop.signal)
  let revision = 0
  return {
    clock,
    store,
    desk,
    servers,
    events,
    seen,
    parts,
    updating,
    tell,
    told: () => events.map(({ data }) => data['state']),
    /** The province publishes a job. */
    order: (id: string, { release = releaseOf('1.2.0'), op = 'update', notBefore }: Settings = {}) => {
      const jws = `jws.of.${release.version}`
      seen.releases.set(jws, release)
      const head = { kind: 'job', v: 1, device: 'd-1', iat: release.iat, rev: ++revision } as const
      const job =
        op === 'cancel'
          ? ({ id, op } as const)
          : ({ id, op, release: jws, ...(notBefore === undefined ? {} : { notBefore }) } as const)
      seen.job = { ...head, job }
      updating.reconsider()
    },
    pass: (seconds: number) => clock.advance(seconds * 1000),
    end: async () => {
      stop.abort()
      await running
    },
  }
}

/** The orderly end for a trial, and the start of the new release in its slot. */
export const startOfTrial = async (bench: ReturnType<typeof updateBench>) => {
  await bench.end()
  bench.desk.running = 'a'
  bench.tell({ kind: 'start', at: '2026-11-26T00:00:00.000Z' })
  return updateBench(bench)
}

/** The release before runs again. */
export const startOfOld = async (bench: ReturnType<typeof updateBench>) => {
  await bench.end()
  bench.desk.running = 'package'
  return updateBench(bench)
}
