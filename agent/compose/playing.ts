import { createFfmpegProbe } from '../../drivers/decoder/probe.ts'
import { forceOpen } from '../../drivers/registry.ts'
import { packageVersion } from '../adapters/system/project.ts'
import { epochMs, isoUtc } from '../core/time.ts'
import type { Playout, PlayoutReport } from '../ports/playout.ts'
import { AlertService } from '../services/alerts.ts'
import { createAmplifierSwitch } from '../services/amplifier-switch.ts'
import { Dispatcher } from '../services/dispatch.ts'
import { Guide } from '../services/guide.ts'
import { InputJournal } from '../services/input-journal.ts'
import { LocalPlay } from '../services/local-play.ts'
import { LocalSign } from '../services/local-sign.ts'
import { Mute } from '../services/mute.ts'
import { PlayService } from '../services/play.ts'
import { SignItems } from '../services/sign-items.ts'
import { SignSupply } from '../services/sign-supply.ts'
import { StreamWatch } from '../services/streams/stream-watch.ts'
import { createContacts } from './contacts.ts'
import type { Holdings } from './holdings.ts'
import { assembleRules, type Rules } from './rules.ts'

function createJournal({ state, clock, config }: Holdings, calm: () => boolean): InputJournal {
  return new InputJournal({
    journal: state.journal,
    clock,
    agent: packageVersion(),
    timezone: config.timezone,
    calm,
  })
}

function createPlay(holdings: Holdings, rules: Rules, playout: Playout, journal: InputJournal): PlayService {
  feedSigns(holdings, playout)
  const { clock, machine, state, time, library, signs, listeners } = holdings
  return new PlayService({
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
    leadMs: rules.leadMs,
    volumeOf: (programme) => rules.volumeOf(programme),
    fadeInSeconds: () => rules.inForce().policy.fadeInSeconds,
    clockState: () => time.state,
    onRecord: () => listeners.record(),
    // One ffmpeg at a time: files are not checked while one decodes for the loudspeaker.
    onSounding: (sounding) => (sounding ? library.pause() : library.resume()),
    onStep: (before, input, step) => journal.note(before, input, step),
  })
}

function createLocalPlay(
  { board, config, clock, crypto }: Holdings,
  rules: Rules,
  play: PlayService,
): LocalPlay {
  return new LocalPlay({
    play,
    probe: createFfmpegProbe(board.audio.channels),
    crypto,
    clock,
    amplifiers: rules.outputs.amplifiers,
    language: config.device.languages[0],
  })
}

function createLocalSign(
  { config, clock, crypto, signs, localPictures }: Holdings,
  signItems: SignItems,
): LocalSign {
  const { province, commune, languages } = config.device
  const area = `${province}/${commune}`
  return new LocalSign({
    signs,
    signItems,
    files: localPictures,
    clock,
    crypto,
    area,
    language: languages[0],
  })
}

/** What an order of the province and a technician on the spot may both do. */
function createByHand(
  { board, clock, time, state, condition, logger }: Holdings,
  playout: Playout,
  play: PlayService,
  onUnmuted: () => void,
) {
  const mute = new Mute({ clock, time, facts: state.facts, playout, play, logger, onUnmuted })
  const amplifier = (id: string) => board.amplifiers.find((each) => each.id === id)
  const switchAmplifier = createAmplifierSwitch({
    clock,
    playout,
    condition,
    maxOnSeconds: (id) => 60 * (amplifier(id)?.maxOnMinutes ?? 0),
    minOffMs: (id) => amplifier(id)?.minOffMs ?? 0,
    muted: () => mute.on,
  })
  return { mute, switchAmplifier }
}

/** What does not follow the plan: it is told of a step. */
function clockSet(
  { condition, clock, library, listeners }: Holdings,
  stepMs: number,
  alerts: AlertService,
  guide: Guide,
): void {
  const from = isoUtc(epochMs(clock.wall() - stepMs))
  condition.event('CLOCK_STEP', 'warning', { stepMs: Math.round(stepMs), from })
  alerts.clockStepped(stepMs)
  listeners.clockSet()
  // By another time other items are near.
  library.want(guide.wantedMedia())
}

/** Hands each report of playout to those whom it concerns. */
function listenTo({ condition, lineWatch, fail }: Holdings, play: PlayService) {
  return (report: PlayoutReport): void => {
    condition.report(report)
    play.report(report)
    lineWatch.report(report).catch(fail)
  }
}

function feedSigns({ board, listeners }: Holdings, playout: Playout): void {
  const supply = new SignSupply(board.amplifiers, playout)
  listeners.sign = (id, inUse) => supply.sign(id, inUse)
}

/** From the plan to sound, pages and records. */
export function assemblePlay(holdings: Holdings) {
  const { board, clock, machine, state, time, library, signs, listeners, logger } = holdings
  holdings.starts.stage('playout')
  const rules = assembleRules(holdings)
  const onRecord = (): void => listeners.record()
  const playout: Playout = holdings.outside.openPlayout({
    ...holdings.playoutProgram,
    audio: board.audio,
    amplifiers: board.amplifiers,
    readMedia: (sha256, offset, length) =>
      localPlay.read(sha256, offset, length) ?? library.read(sha256, offset, length),
    streams: holdings.streams.relay,
    forceOpen,
    onReport: (report) => hear(report),
    logger,
  })
  const inputJournal = createJournal(holdings, () => play.held.length === 0)
  const play: PlayService = createPlay(holdings, rules, playout, inputJournal)
  const localPlay = createLocalPlay(holdings, rules, play)
  const hear = listenTo(holdings, play)
  const common = { clock, ledger: state.ledger, kernelBootId: machine.kernelBootId, onRecord }
  const signItems = new SignItems({ ...common, signs, clockState: () => time.state })
  const dispatcher = new Dispatcher({
    ...common,
    ...rules,
    time,
    facts: state.facts,
    play,
    signItems,
    leadMs: rules.armMs,
    plans: holdings.startWatch.runs('schedule'),
    onTurn: () => holdings.monitor.heard('dispatch'),
    onClockStep: (stepMs) => clockSet(holdings, stepMs, alerts, guide),
  })
  const contacts = createContacts(holdings, () => alerts.replace())
  const alerts: AlertService = new AlertService({
    ...rules,
    clock,
    time,
    play,
    signs,
    facts: state.facts,
    sources: () => [...holdings.intake.inForce('alert'), ...contacts.emergency.sources],
    amplifiers: rules.outputs.amplifiers,
  })
  const guide: Guide = new Guide({
    ...rules,
    clock,
    dispatcher,
    alerts: () => [...alerts.inForce, ...contacts.prepared],
    held: () => play.held.map(({ item }) => item),
    muted: () => play.muted,
    streamAnswers: (url) => streamWatch.answers(url),
  })
  const streamWatch = new StreamWatch({
    clock,
    fetcher: holdings.streams.fetcher,
    logger,
    due: () => guide.dueStreams(),
    onChange: () => listeners.documents('streams'),
  })
  const byHand = createByHand(holdings, playout, play, () => alerts.tick())
  /** Once, before the first dispatch. */
  const takeUpWhereLeft = (): void => {
    byHand.mute.begin()
    rules.master.desiredChanged()
    alerts.begin()
    holdings.starts.stage('schedule')
    dispatcher.begin(rules.items())
    library.want(guide.wantedMedia())
  }
  return {
    ...holdings,
    rules,
    playout,
    play,
    inputJournal,
    ...byHand,
    signItems,
    localSign: createLocalSign(holdings, signItems),
    dispatcher,
    localPlay,
    alerts,
    ...contacts,
    guide,
    streamWatch,
    takeUpWhereLeft,
  }
}

export type Playing = ReturnType<typeof assemblePlay>
