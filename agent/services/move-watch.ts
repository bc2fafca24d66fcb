import type { DesiredDocument } from '../core/documents.ts'
import { LoaError } from '../core/error.ts'
import { areaOf, type FormerPlace, isSamePlace, obeyedAreas, type Place } from '../core/place.ts'
import { movingTo, ordered } from '../core/place-memory.ts'
import type { EventBody } from '../core/records.ts'
import { dateText, type Zone } from '../core/schedule/zone.ts'
import { epochMs, isoUtc, type MonoMs } from '../core/time.ts'
import type { PlaceReport } from '../core/upstream.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Places } from './places.ts'
import type { TimeKeeper } from './time-keeper.ts'

export type MoveWatchOptions = {
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'state' | 'floor'>
  readonly zone: Zone
  readonly places: Places
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** What came on this device's own topic in the present province. */
  readonly desired: () => DesiredDocument | undefined
  /** What is of places that were left goes out of force. */
  readonly leave: () => void
  readonly emit: (event: EventBody) => void
  /** How little must be going on for a restart that nobody hears: nothing near either, or only nothing that sounds. */
  readonly quiet: (how: 'nothing near' | 'nothing sounds') => boolean
  /** False while what is remembered would not outlive a restart. */
  readonly durable: () => boolean
  /** Whether this device has its turn: of many that are moved together not all start again in the same second. */
  readonly hasTurn: () => boolean
  /** Ends the agent in order; whoever supervises it starts it again. */
  readonly restart: () => void
}

const nameOf = (place: FormerPlace): string => `${areaOf(place)} ${place.until}`

/** After so long it is enough that nothing sounds. */
const PATIENCE_MS = 3_600_000

/**
 * Follows orders to stand elsewhere, and ends what is left of former places. A move takes effect with a restart of the agent
 * at a quiet moment: every part then begins with one place, and nothing that sounds, waits or is on its way up is
 * caught between two.
 */
export class MoveWatch {
  readonly #options: MoveWatchOptions
  /** Since when a restart is waited for. */
  #waitsSince: MonoMs | undefined
  #restarting = false

  constructor(options: MoveWatchOptions) {
    this.#options = options
  }

  /** Once, when what was in force at the last stop is taken up: the device has arrived. */
  begin(): void {
    const { places } = this.#options
    const { stood } = places.memory
    const over = this.#endOverlaps()
    this.#waitsSince = undefined
    if (!isSamePlace(stood, places.present)) this.#tell({ from: areaOf(stood), to: areaOf(places.present) })
    this.#remember({ ...places.memory, stood: places.present, over })
  }

  /** Called every second. */
  tick(): void {
    this.#endOverlaps()
    this.#follow()
    this.#restartWhenQuiet()
  }

  get report(): PlaceReport {
    const { places } = this.#options
    const { present, formerly, memory } = places
    const to = movingTo(memory, present)
    return {
      ...present,
      ...(formerly.length === 0 ? {} : { formerly }),
      ...(to === undefined ? {} : { movingTo: to }),
    }
  }

  get movingTo(): Place | undefined {
    const { places } = this.#options
    return movingTo(places.memory, places.present)
  }

  /** Names of those that are over now. */
  #endOverlaps(): readonly string[] {
    const { places, clock, time, zone, leave, logger } = this.#options
    const { memory } = places
    const before = obeyedAreas(places.standing)
    const over = places.end(time.state === 'unset' ? time.floor : clock.wall(), zone)
    if (over.length === 0) return []
    logger.info({ places: over.map(areaOf) }, 'the overlap with former places is over')
    leave()
    const { over: told = [] } = memory
    for (const place of over) if (!told.includes(nameOf(place))) this.#tell({ left: areaOf(place) })
    const names = over.map(nameOf)
    this.#remember({ ...memory, over: [...told, ...names] })
    // Their topics stay subscribed until the next start.
    if (obeyedAreas(places.standing).length < before.length) this.#wait()
    return names
  }

  #follow(): void {
    const { places, desired, zone, logger } = this.#options
    const document = desired()
    const place = document?.config.place
    if (document === undefined || place === undefined) return
    const { rev, iat } = document
    const issued = dateText(zone.localTime(epochMs(Date.parse(iat))).day)
    const memory = ordered(places.memory, places, { place, rev, issued })
    if (memory === undefined) return
    this.#remember(memory)
    if (this.movingTo === undefined) return
    logger.info({ from: areaOf(places.present), to: areaOf(place) }, 'to be moved at a quiet moment')
    this.#wait()
  }

  #wait(): void {
    this.#waitsSince ??= this.#options.clock.mono()
  }

  #restartWhenQuiet(): void {
    const { clock, quiet, durable, hasTurn, restart, logger } = this.#options
    // Asked at every look: it says whether the turn came since the last one.
    const turn = hasTurn()
    if (this.#restarting || !durable()) return
    if (this.movingTo !== undefined) this.#wait()
    if (this.#waitsSince === undefined) return
    const patient = clock.mono() - this.#waitsSince < PATIENCE_MS
    if (!(quiet(patient ? 'nothing near' : 'nothing sounds') && turn)) return
    this.#restarting = true
    logger.info({}, 'starts again, for its place has changed')
    restart()
  }

  #tell(data: EventBody['data']): void {
    const { emit, clock } = this.#options
    emit({ at: isoUtc(clock.wall()), code: 'MOVED', severity: 'info', data })
  }

  /** A disk that cannot take it puts the move off: the order stands, and is read again. */
  #remember(memory: Parameters<Places['remember']>[0]): void {
    const { places, logger } = this.#options
    try {
      places.remember(memory)
    } catch (error) {
      if (!(error instanceof LoaError)) throw error
      logger.warn({ error: error.message }, 'the place could not be stored')
    }
  }
}
