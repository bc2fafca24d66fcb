import { join } from 'node:path'
import { createHttpFetcher } from '../adapters/http/http-fetcher.ts'
import { tcpAnswers } from '../adapters/probe/tcp.ts'
import { packageVersion, projectFolder } from '../adapters/system/project.ts'
import { openUpdateDesk } from '../adapters/update/desk.ts'
import { messageOf } from '../core/error.ts'
import { epochMs, isoUtc } from '../core/time.ts'
import type { UpdateWait } from '../core/update/progress.ts'
import type { ReleaseKey } from '../core/update/release.ts'
import { busyWith } from '../services/selftest/busy.ts'
import { installLocal } from '../services/update/local-install.ts'
import type { UpdateMemory } from '../services/update/memory.ts'
import type { UpdateWork } from '../services/update/updates.ts'
import { Updating, type UpdatingParts } from '../services/update/updating.ts'
import { openRelease } from '../wire/release.ts'
import { DISK_RESERVE_MB } from './holdings.ts'
import type { Playing } from './playing.ts'
import { plannedSounds } from './selftest.ts'
import type { UpdateLine } from './update-line.ts'

type Known = {
  readonly slotsFolder: string
  readonly memory: UpdateMemory
  readonly seen: () => void
}

const PACKAGE_FOLDER = '/usr/lib/loa-agent'
const MIB = 1_048_576
const MINUTE_MS = 60_000
/** Nothing may be due for so long when the agent ends for a trial. */
const QUIET_AHEAD_MS = 10 * MINUTE_MS
/** No release is urgent: over a paid link it waits for night, however long that takes. */
const NEEDED_IN_MS = 7 * 24 * 60 * MINUTE_MS
const KNOCK_WITHIN_MS = 5000
const PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883 }

/** As Debian calls it. */
const architecture = (): string => (process.arch === 'x64' ? 'amd64' : process.arch)

/** A key that signs documents signs no release, whatever agent.yaml says. */
const releaseKeys = ({ config, intake }: Playing): readonly ReleaseKey[] => {
  const others = [...config.security.rootKeys, ...intake.keys.values()].map(({ x }) => x)
  return config.update.keys.filter(({ x }) => !others.includes(x))
}

const quietGate = (playing: Playing, { selftest }: UpdateLine): (() => UpdateWait | undefined) => {
  const planned = plannedSounds(playing)
  const parts = { ...playing, alerts: () => playing.alerts.inForce, planned }
  return () => {
    if (selftest.isRunning) return { for: 'selftest' }
    const busy = busyWith(parts, QUIET_AHEAD_MS)
    if (busy === undefined) return undefined
    const { why, ...what } = busy
    return { for: why, ...what }
  }
}

/** What goes before a download: an alert, media that a broadcast lacks, a stream that comes over the same line, thrift. */
const downloadGate =
  ({ alerts, library, play, saving, clock }: Playing): UpdatingParts['hold'] =>
  (sha256, bytes) => {
    const [alert] = alerts.inForce
    if (alert !== undefined) return { for: 'alert', item: alert.alert.id, until: isoUtc(alert.until) }
    if (library.activity === 'fetching') return { for: 'media' }
    const item = play.playing?.programme.item
    if (item?.parts?.some((part) => 'stream' in part)) return { for: 'playing', item: item.id }
    const neededAt = epochMs(clock.wall() + NEEDED_IN_MS)
    const until = saving.putOff?.(() => [{ id: sha256, bytes, neededAt }]).get(sha256)
    return until === undefined ? undefined : { for: 'night', until: isoUtc(epochMs(until)) }
  }

const brokerOf = (
  { config }: Playing,
  { bus, session }: UpdateLine,
): Pick<UpdatingParts, 'broker' | 'wasOnline'> => {
  const places = config.mqtt.urls.map((url) => {
    const { hostname, port, protocol } = new URL(url)
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || PORTS[protocol]) }
  })
  return {
    wasOnline: () => session.wasOnline,
    broker: {
      connected: () => bus.connected,
      fault: () => session.fault,
      answers: async (signal) => {
        const all = await Promise.all(places.map((place) => tcpAnswers(place, KNOCK_WITHIN_MS, signal)))
        return all.includes(true)
      },
    },
  }
}

/** Loaded when a job comes, a release is given on the spot, or the updater has something to say. */
export function startUpdating(playing: Playing, line: UpdateLine, known: Known): UpdateWork {
  const { config, clock, logger, state, crypto, machine, monitor, condition, playout, play, time } = playing
  const parts: UpdatingParts = {
    ...known,
    ...brokerOf(playing, line),
    clock,
    logger,
    facts: state.facts,
    random: Math.random,
    randomHex: (bytes) => crypto.randomHex(bytes),
    desk: openUpdateDesk({
      folder: join(config.paths.state, 'update'),
      slotsFolder: known.slotsFolder,
      packageFolder: PACKAGE_FOLDER,
      ownFolder: projectFolder(),
    }),
    fetcher: createHttpFetcher(config.content.allow),
    hold: downloadGate(playing),
    hasRoom: (bytes) => (machine.freeDiskMb() - DISK_RESERVE_MB) * MIB >= bytes,
    job: () => playing.intake.inForce('job')[0],
    openRelease: (release) =>
      openRelease(release, releaseKeys(playing), (x, data, signature) =>
        crypto.verifyEd25519(x, data, signature),
      ),
    version: packageVersion(),
    architecture: architecture(),
    judgingTime: () => (time.state === 'unset' ? time.floor : clock.wall()),
    busy: quietGate(playing, line),
    sounding: () => play.playing !== undefined,
    silent: () => monitor.silent,
    sound: () => condition.soundDevice,
    warm: (seconds) => playout.warm(seconds),
    trialMs: config.update.trialMinutes * MINUTE_MS,
    event: (code, severity, data) => condition.event(code, severity, data),
    restart: line.restart,
    fail: playing.fail,
  }
  const updating = new Updating(parts)
  updating.run(playing.stop).catch((error: unknown) => {
    logger.error(
      { error: messageOf(error) },
      'updates have ceased to work; the next start takes them up again',
    )
    // What plays does not end for it, unless it is a release on trial that cannot even watch itself.
    if (updating.isOnTrial) playing.fail(error)
  })
  return { updating, install: (release, signal) => installLocal(parts, updating, release, signal) }
}
