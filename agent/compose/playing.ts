import { join } from 'node:path'
import { createFfmpegProbe } from '../../drivers/decoder/probe.ts'
import { forceOpen } from '../../drivers/registry.ts'
import { SupervisedPlayout } from '../adapters/playout/supervised-playout.ts'
import { projectFolder } from '../adapters/system/project.ts'
import type { Readiness } from '../core/arbiter/programme.ts'
import type { BuiltInSound } from '../core/documents.ts'
import { deviceScope, type EffectiveConfig, effectiveConfig } from '../core/policy/effective.ts'
import { capAt, effectiveVolume, gainDbOf } from '../core/policy/volume.ts'
import { type Item, itemsOf } from '../core/schedule/item.ts'
import { createZone } from '../core/schedule/zone.ts'
import { SOUND_FRAMES } from '../core/sound/built-in.ts'
import type { PlayoutReport } from '../ports/playout.ts'
import { Dispatcher } from '../services/dispatch.ts'
import { Guide } from '../services/guide.ts'
import { LocalPlay } from '../services/local-play.ts'
import { PlayService } from '../services/play.ts'
import { readinessOf } from '../services/readiness.ts'
import { restore } from '../services/restore.ts'
import { SignItems } from '../services/sign-items.ts'
import type { Holdings } from './holdings.ts'

/** What a decoder and the orders on their way take on top of the relay when nothing sounds yet. */
const START_HEAD_MS = 500
/** An occurrence is armed this long before its relay has to close. */
const ARM_HEAD_MS = 4000
const PLAYOUT_ENTRY = 'dist/agent/playout/main.js'

/** From the plan to sound, pages and records. */
export function assemblePlay(holdings: Holdings) {
  const { config, board, clock, machine, state, time, intake, library, condition, signs, listeners } =
    holdings
  const inForce = (): EffectiveConfig => effectiveConfig(config, intake.inForce('desired')[0]?.config)
  const masterVolume = (): number => inForce().volume ?? 100
  const zone = createZone(config.timezone)
  const outputs = { amplifiers: board.amplifiers.map(({ id }) => id), signs: board.signs.map(({ id }) => id) }
  const soundFrames = (sound: BuiltInSound): number => SOUND_FRAMES[sound]
  const settleMs = Math.max(0, ...board.amplifiers.map((amplifier) => amplifier.settleMs))
  const leadMs = settleMs + START_HEAD_MS
  const readiness = (item: Item): Readiness =>
    readinessOf(item, {
      policy: inForce().policy,
      board: outputs,
      media: ({ sha256 }) => library.stateOf(sha256),
      soundFrames,
    })
  const playout = new SupervisedPlayout({
    entry: join(projectFolder(), PLAYOUT_ENTRY),
    audio: board.audio,
    amplifiers: board.amplifiers,
    readMedia: (sha256, offset, length) =>
      localPlay.read(sha256, offset, length) ?? library.read(sha256, offset, length),
    forceOpen,
    onReport: (report) => hear(report),
    logger: holdings.logger,
  })
  const play: PlayService = new PlayService({
    playout,
    ledger: state.ledger,
    pages: {
      show: (owner, content) => signs.show(owner, content, 'programme'),
      clear: (owner) => {
        signs.clear(owner)
      },
    },
    clock,
    kernelBootId: machine.kernelBootId,
    leadMs,
    volumeOf: ({ item }) => {
      const percent = effectiveVolume(
        item.volume,
        masterVolume(),
        capAt(inForce().policy.volume, zone, clock.wall()),
      )
      return { percent, gainDb: gainDbOf(percent) }
    },
    fadeInSeconds: () => inForce().policy.fadeInSeconds,
    clockState: () => time.state,
    onRecord: () => listeners.record(),
    // One ffmpeg at a time: files are not checked while one decodes for the loudspeaker.
    onSounding: (sounding) => (sounding ? library.pause() : library.resume()),
  })
  const hear = (report: PlayoutReport): void => {
    condition.report(report)
    play.report(report)
  }
  const signItems = new SignItems({
    signs,
    ledger: state.ledger,
    clock,
    kernelBootId: machine.kernelBootId,
    clockState: () => time.state,
    onRecord: () => listeners.record(),
  })
  const dispatcher = new Dispatcher({
    clock,
    time,
    zone,
    ledger: state.ledger,
    facts: state.facts,
    play,
    signItems,
    soundFrames,
    quietHours: () => inForce().policy.quietHours,
    readinessOf: readiness,
    leadMs: settleMs + ARM_HEAD_MS,
    onClockStep: (stepMs) => condition.event('CLOCK_STEP', 'warning', { stepMs: Math.round(stepMs) }),
    onRecord: () => listeners.record(),
  })
  const localPlay = new LocalPlay({
    play,
    probe: createFfmpegProbe(board.audio.channels),
    crypto: holdings.crypto,
    clock,
    amplifiers: outputs.amplifiers,
    language: config.device.languages[0],
  })
  const guide = new Guide({
    clock,
    zone,
    dispatcher,
    soundFrames,
    readinessOf: readiness,
    quietHours: () => inForce().policy.quietHours,
    muted: () => play.muted,
  })
  const items = (): readonly Item[] => {
    const scope = deviceScope(config.device.id, inForce())
    return intake.inForce('schedule').flatMap((document) => itemsOf(document, scope))
  }
  const restoring = {
    ledger: state.ledger,
    play,
    signItems,
    readinessOf: readiness,
    soundFrames,
    kernelBootId: machine.kernelBootId,
    leadMs,
    onRecord: () => listeners.record(),
  }
  const takeUpWhereLeft = (): void => {
    restore(items(), clock.wall(), restoring)
    dispatcher.begin(items())
    library.want(guide.wantedMedia())
  }
  return {
    ...holdings,
    inForce,
    masterVolume,
    playout,
    play,
    signItems,
    dispatcher,
    localPlay,
    guide,
    items,
    takeUpWhereLeft,
  }
}

export type Playing = ReturnType<typeof assemblePlay>
