import type { AgentConfig } from '../core/configuration.ts'
import { operatingState } from '../core/health/heartbeat.ts'
import { healthLevel } from '../core/health/level.ts'
import { heartbeatNet, type LinkReport } from '../core/link/report.ts'
import type { EffectiveConfig as InForce } from '../core/policy/effective.ts'
import type { SafeModeReport } from '../core/safe-mode.ts'
import type { JailReport, Problem, StatusReport } from '../core/status.ts'
import { epochMs, isoUtc } from '../core/time.ts'
import type { HeartbeatMessage, ReportedMessage } from '../core/upstream.ts'
import type { Clock } from '../ports/clock.ts'
import type { Machine } from '../ports/machine.ts'
import type { Outbox } from '../ports/state-store.ts'
import type { AdapterWatch } from './adapter-watch.ts'
import type { AlertService } from './alerts.ts'
import type { Condition } from './condition.ts'
import type { ContactReports } from './contact-reports.ts'
import type { DocumentIntake } from './document-intake.ts'
import type { Guide } from './guide.ts'
import type { HearingTrend } from './hearing-trend.ts'
import type { Library } from './library.ts'
import type { LineWatch } from './line-watch.ts'
import type { MoveWatch } from './move-watch.ts'
import type { PlayService } from './play.ts'
import type { Refusals } from './refusals.ts'
import type { SensorWatch } from './sensor-watch.ts'
import type { BrokerSession } from './session.ts'
import type { SignControl } from './sign-control.ts'
import type { StartWatch } from './start-watch.ts'
import type { TimeKeeper } from './time-keeper.ts'
import type { Updates } from './update/updates.ts'

export type AgentReportParts = {
  readonly config: AgentConfig
  /** Name of the board. */
  readonly board: string
  /** Version. */
  readonly agent: string
  readonly clock: Clock
  readonly machine: Machine
  readonly jail: JailReport
  readonly time: TimeKeeper
  readonly intake: DocumentIntake
  readonly refusals: Refusals
  readonly play: PlayService
  readonly alerts: AlertService
  readonly guide: Guide
  readonly library: Library
  readonly outbox: Outbox
  readonly condition: Condition
  readonly contacts: ContactReports
  readonly link: () => LinkReport
  readonly adapters: Pick<AdapterWatch, 'reports'>
  readonly sensorWatch: SensorWatch
  readonly lineWatch: LineWatch
  /** Where the board has something to hear with. */
  readonly hearing: HearingTrend | undefined
  readonly signs: SignControl
  readonly session: BrokerSession
  readonly moveWatch: Pick<MoveWatch, 'report'>
  readonly startWatch: StartWatch
  readonly updates: Pick<Updates, 'report'>
  readonly inForce: () => InForce
  readonly masterVolume: () => number
}

const NEXT_LISTED = 10
const MISSING_LISTED = 20

/** The state of the device as the heartbeat, `reported` and `loa status` tell it. */
export class AgentReport {
  readonly #parts: AgentReportParts
  readonly #startedAt: number

  constructor(parts: AgentReportParts) {
    this.#parts = parts
    this.#startedAt = parts.clock.mono()
  }

  heartbeat(): Omit<HeartbeatMessage, 'v' | 'at' | 'seq'> {
    const { machine, outbox, condition, signs, play, guide, startWatch, link, masterVolume } = this.#parts
    const heard = this.#parts.hearing?.report
    const { report: safe } = startWatch
    const { playing } = play
    const [next] = guide.next(1)
    const { cpu } = this.#parts.sensorWatch.values
    const power = this.#power()
    return {
      up: this.#uptimeSeconds(),
      state: this.#operatingState(),
      ...(playing === undefined ? {} : { item: playing.programme.item.id }),
      health: this.#health(),
      problems: this.#problems().map(({ code }) => code),
      clock: this.#clock(),
      volume: playing?.volume ?? masterVolume(),
      ...(cpu === undefined ? {} : { cpuC: cpu }),
      rssMb: Math.round(machine.residentMb() * 10) / 10,
      diskMb: Math.round(machine.freeDiskMb()),
      outbox: outbox.unacknowledged(),
      ...(next === undefined ? {} : { next: { item: next.item, at: next.at, armed: next.armed } }),
      net: heartbeatNet(link()),
      ...(power === undefined ? {} : { power }),
      amps: condition.amplifiers,
      signs: signs.health(),
      shown: signs.proofs(),
      underruns: play.underruns,
      ...(safe === undefined ? {} : { safe: heartbeatSafe(safe) }),
      ...(heard === undefined ? {} : { heard: { last: heard.last, mean: heard.mean } }),
    }
  }

  reported(): Omit<ReportedMessage, 'v' | 'at'> {
    const { intake, refusals, library, guide, inForce, masterVolume, moveWatch } = this.#parts
    const { wanted, present, files } = library.overview()
    const { policy, groups, heartbeat, languages } = inForce()
    return {
      revs: intake.revisions,
      rejected: refusals.recent.map(({ kid: _kid, ...rejection }) => rejection),
      config: { policy, groups, heartbeat, volume: masterVolume(), languages, place: moveWatch.report },
      media: {
        wanted,
        present,
        missing: files
          .filter(({ state }) => state !== 'ready')
          .slice(0, MISSING_LISTED)
          .map(({ sha256 }) => sha256),
      },
      next: guide.next(NEXT_LISTED).map(({ title: _title, ...next }) => next),
    }
  }

  status(): StatusReport {
    const {
      config,
      board,
      agent,
      clock,
      condition,
      contacts,
      adapters,
      sensorWatch,
      lineWatch,
      hearing,
      session,
      play,
      guide,
      outbox,
      library,
      signs,
      refusals,
      jail,
      startWatch,
      link,
      moveWatch,
    } = this.#parts
    const { playing } = play
    const { reports } = adapters
    const { report: safeMode } = startWatch
    const { broker } = session
    const { wanted, present } = library.overview()
    const update = this.#parts.updates.report
    return {
      device: config.device.id,
      place: moveWatch.report,
      board,
      agent,
      timezone: config.timezone,
      at: isoUtc(clock.wall()),
      state: this.#operatingState(),
      health: this.#health(),
      problems: this.#problems(),
      clock: this.#clock(),
      broker:
        broker === undefined
          ? { connected: false }
          : { connected: true, url: broker.url, since: isoUtc(epochMs(broker.since)) },
      net: link(),
      ...(playing === undefined ? {} : { playing: nowPlaying(playing) }),
      next: guide.next(NEXT_LISTED),
      outbox: outbox.unacknowledged(),
      media: { wanted, present },
      amps: condition.amplifiers,
      signs: signs.health(),
      shown: signs.proofs(),
      inputs: contacts.states,
      ...(reports.length === 0 ? {} : { adapters: reports }),
      sensors: sensorWatch.values,
      lines: lineWatch.reports,
      ...(hearing === undefined ? {} : { hearing: hearing.report ?? { of: 0 } }),
      uptimeSeconds: this.#uptimeSeconds(),
      underruns: play.underruns,
      muted: play.muted,
      jail,
      ...(safeMode === undefined ? {} : { safeMode }),
      ...(update.state === 'idle' ? {} : { update }),
      rejected: refusals.recent.map(({ kid: _kid, ...rejection }) => rejection),
    }
  }

  /** A contact is asked before a charger. */
  #power(): HeartbeatMessage['power'] {
    const { contacts, sensorWatch } = this.#parts
    const mains = contacts.mains ?? sensorWatch.mains
    const { supply: volts } = sensorWatch.values
    if (mains === undefined && volts === undefined) return undefined
    return { ...(mains === undefined ? {} : { mains }), ...(volts === undefined ? {} : { volts }) }
  }

  /** Gravest first: without a broker everything goes on but the reports. */
  #problems(): readonly Problem[] {
    const { condition, session } = this.#parts
    const cutOff: readonly Problem[] =
      session.broker === undefined ? [{ code: 'BROKER', detail: session.fault }] : []
    return [...condition.problems, ...cutOff]
  }

  #health(): HeartbeatMessage['health'] {
    return healthLevel(this.#problems().map(({ code }) => code))
  }

  #operatingState(): HeartbeatMessage['state'] {
    const { play } = this.#parts
    return operatingState({
      muted: play.muted,
      alert: this.#parts.alerts.inForce.length > 0,
      playing: play.playing !== undefined,
    })
  }

  #clock(): HeartbeatMessage['clock'] {
    const { time } = this.#parts
    return { state: time.state, offsetMs: Math.round(time.offsetMs * 1000) / 1000 }
  }

  #uptimeSeconds(): number {
    return Math.floor((this.#parts.clock.mono() - this.#startedAt) / 1000)
  }
}

/** What is off stands in the problem's meaning and in `loa status`: a heartbeat is short. */
const heartbeatSafe = ({ off: _off, ...safe }: SafeModeReport): NonNullable<HeartbeatMessage['safe']> => safe

function nowPlaying(playing: NonNullable<PlayService['playing']>): NonNullable<StatusReport['playing']> {
  const { programme, positionSeconds, durationSeconds, volume, peakDb } = playing
  const { id, title, document } = programme.item
  return {
    item: id,
    ...(title === undefined ? {} : { title }),
    document,
    positionSeconds,
    durationSeconds,
    volume,
    ...(peakDb === undefined ? {} : { peakDb }),
  }
}
