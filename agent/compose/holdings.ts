import { createPictureDecoder } from '../../drivers/decoder/picture.ts'
import { createFfmpegProbe } from '../../drivers/decoder/probe.ts'
import { createHttpFetcher } from '../adapters/http/http-fetcher.ts'
import type { EventBody } from '../core/records.ts'
import { RELEASED_AT } from '../core/release.ts'
import type { Problem } from '../core/status.ts'
import { epochMs } from '../core/time.ts'
import { Condition } from '../services/condition.ts'
import type { DataMeter } from '../services/data-meter.ts'
import { HealthMonitor } from '../services/health-monitor.ts'
import { Library } from '../services/library.ts'
import type { StalenessWatch } from '../services/staleness-watch.ts'
import type { StartWatch } from '../services/start-watch.ts'
import { TimeKeeper } from '../services/time-keeper.ts'
import { assembleDocuments } from './documents.ts'
import type { Ground } from './ground.ts'
import { assembleLinks } from './links.ts'
import { assembleSensors } from './sensors.ts'
import { assembleSigns } from './signs.ts'
import { assembleSpeech } from './speech.ts'
import { assembleStreams } from './streams.ts'

/** Left to records and logs, whatever is fetched. */
export const DISK_RESERVE_MB = 64
/** Of the disk: what nobody wants goes before it is 90 % full. */
const SCARCE_SHARE = 0.1

/** Who is told when something changed; filled in by those who come later. */
type Listeners = {
  /** A record was written. */
  record: () => void
  /** A document came into force or went out of it. */
  documents: (kind: string) => void
  /** A sign begins or ceases to have something to show. */
  sign: (id: string, inUse: boolean) => void
  /** The wall clock jumped. */
  clockSet: () => void
  /** There is another way out of this device. */
  newWay: () => void
}

const noListeners = (): Listeners => ({
  record: () => {},
  documents: () => {},
  sign: () => {},
  clockSet: () => {},
  newWay: () => {},
})

type Informants = {
  readonly startWatch: StartWatch
  readonly time: TimeKeeper
  readonly library: Library
  readonly staleness: StalenessWatch
  readonly dataMeter: DataMeter
}

/** What is found out at the moment of asking. */
const furtherProblems = (
  { config, state }: Ground,
  { startWatch, time, library, staleness, dataMeter }: Informants,
): readonly Problem[] => [
  ...startWatch.problems,
  ...(config.security.signatures === 'off' ? [{ code: 'SIGNATURES_OFF' } as const] : []),
  ...(time.state === 'stale' ? [{ code: 'CLOCK_UNSYNCED' } as const] : []),
  ...(time.state === 'unset' ? [{ code: 'NO_CLOCK' } as const] : []),
  ...staleness.problems,
  ...dataMeter.problems,
  ...(library.activity === 'full' || state.isDiskFull ? [{ code: 'DISK_FULL' } as const] : []),
  ...(startWatch.runs('state') ? [] : [{ code: 'DATABASE', detail: 'state.db is left off' } as const]),
  ...(state.unwritable === undefined || state.isDiskFull
    ? []
    : [{ code: 'DATABASE', detail: state.unwritable } as const]),
]

/** Documents, media and signs: what is needed before anything can be played. */
export function assembleHoldings(
  ground: Ground,
  startWatch: StartWatch,
  stop: AbortSignal,
  fail: (error: unknown) => void,
) {
  const { config, board, logger, clock, machine, state, crypto } = ground
  const listeners = noListeners()
  const emit = (event: EventBody): void => {
    state.outbox.event(event)
    listeners.record()
  }
  const time = new TimeKeeper({
    clock,
    quality: ground.outside.quality,
    facts: state.facts,
    boardClock: board.clock,
    release: epochMs(Date.parse(RELEASED_AT)),
    kernelBootId: machine.kernelBootId,
  })
  const documents = assembleDocuments(ground, time, emit, (kind) => listeners.documents(kind))
  const speech = assembleSpeech(ground, () => condition)
  const links = assembleLinks(
    ground,
    time,
    () => condition,
    () => listeners.newWay(),
    stop,
  )
  const pictureDecoder = createPictureDecoder()
  const library = new Library({
    cache: ground.media,
    fetcher: createHttpFetcher(config.content.allow),
    probe: createFfmpegProbe(board.audio.channels),
    pictures: pictureDecoder,
    speech,
    sha256Hex: (bytes) => crypto.sha256Hex(bytes),
    clock,
    log: logger,
    random: Math.random,
    quotaMb: config.content.quotaMb,
    maxFileMb: config.content.maxFileMb,
    disk: {
      freeMb: () => machine.freeDiskMb(),
      reserveMb: DISK_RESERVE_MB,
      scarceMb: () => machine.diskMb() * SCARCE_SHARE,
    },
    ...links.saving,
  })
  const condition: Condition = new Condition({
    clock,
    amplifiers: board.amplifiers.map(({ id }) => id),
    emit,
    further: () => furtherProblems(ground, { startWatch, time, library, ...documents, ...links }),
  })
  const { signs, pictures, localPictures } = assembleSigns(ground, {
    time,
    library,
    condition,
    pictureDecoder,
    fail,
    onUse: (sign, inUse) => listeners.sign(sign, inUse),
  })
  if (config.security.signatures === 'off') condition.event('SIGNATURES_OFF', 'warning', {})
  const { mode } = ground.starts
  if (mode.kind === 'safe' && mode.entered)
    condition.event('SAFE_MODE', 'alarm', { part: mode.part ?? 'unknown', off: mode.off.join(' ') })
  const monitor = new HealthMonitor(clock)
  const streams = assembleStreams(ground, condition, fail)
  return {
    ...ground,
    startWatch,
    stop,
    fail,
    monitor,
    listeners,
    emit,
    time,
    ...documents,
    ...links,
    library,
    speech,
    condition,
    ...assembleSensors(ground, condition),
    signs,
    pictures,
    localPictures,
    streams,
  }
}

export type Holdings = ReturnType<typeof assembleHoldings>
