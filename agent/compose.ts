import { openControlServer } from './adapters/control/server.ts'
import { withPairInForce } from './adapters/identity/in-force.ts'
import { findFileFaults } from './adapters/system/secret-files.ts'
import { openContacts } from './compose/contacts.ts'
import { createDoctor } from './compose/doctor.ts'
import { openGround } from './compose/ground.ts'
import { assembleHoldings } from './compose/holdings.ts'
import { type Outside, ofThisMachine } from './compose/outside.ts'
import { openStatusPage, type ServedPage } from './compose/page.ts'
import { assemblePlay } from './compose/playing.ts'
import { assembleUpstream, type Upstream } from './compose/upstream.ts'
import { createVerifier } from './compose/verifier.ts'
import { messageOf } from './core/error.ts'
import { createAnswers } from './services/answers.ts'
import { MediaScrub } from './services/media-scrub.ts'
import { StartWatch } from './services/start-watch.ts'
import { WatchdogFeed } from './services/watchdog-feed.ts'

export type RunningAgent = {
  /** Fades, opens the relays, sends what can be sent, says goodbye, closes the stores. */
  stop(): Promise<void>
  /** Resolves with what broke when the agent cannot go on. */
  readonly failure: Promise<unknown>
  /** Resolves when the province orders a restart: to be stopped in order, and started again by its supervisor. */
  readonly restartOrdered: Promise<void>
}

const FLUSH_MS = 2000
const FLUSH_LOOK_MS = 20
const KEPT_RECORDS = 100_000
const MAX_LOCAL_FILE_BYTES = 32 * 1024 * 1024
const EVERY_SECOND_MS = 1000

/**
 * Starts the agent: stores, hardware in its safe state, the plan from disk, the control socket, and only then the network.
 * @throws ConfigFault; IO when another agent holds the control socket
 */
export async function startAgent(
  configFile: string,
  outside: Outside = ofThisMachine(),
): Promise<RunningAgent> {
  const { promise: failure, resolve: end } = Promise.withResolvers<unknown>()
  let isBroken = false
  const fail = (error: unknown): void => {
    isBroken = true
    end(error)
  }
  const stop = new AbortController()
  const ground = await openGround(configFile, outside)
  const { promise: restartOrdered, resolve: restart } = Promise.withResolvers<void>()
  const { starts, watchdog } = ground
  const startWatch: StartWatch = new StartWatch({
    clock: ground.clock,
    mode: starts.mode,
    onSurvived: () => starts.clear(),
    sounding: () => agent.play.playing !== undefined,
    restart,
  })
  const holdings = assembleHoldings(ground, startWatch, stop.signal, fail)
  const agent: Upstream = assembleUpstream(assemblePlay(holdings), restart)
  wire(agent)
  agent.takeUpWhereLeft()
  agent.moveWatch.begin()
  starts.stage('control')
  const contacts = await openContacts(agent)
  const page = openStatusPage(agent)
  const control = await openControl(agent, page)
  const loops = [
    agent.dispatcher.run(stop.signal),
    ...(startWatch.runs('media') ? [agent.library.run(stop.signal)] : []),
    agent.pump.run(stop.signal),
    agent.reporter.run(stop.signal),
    agent.streamWatch.run(stop.signal),
    agent.contactWatch.run(stop.signal),
    agent.sensorWatch.run(stop.signal),
    agent.lineWatch.run(stop.signal),
    everySecond(agent, new WatchdogFeed(agent.monitor, watchdog, agent.logger), stop.signal),
  ]
  for (const loop of loops) loop.catch(fail)
  starts.stage('network')
  checkFiles(agent)
  agent.bus.start()
  starts.stage('housekeeping')
  const chores = startWatch.runs('housekeeping') ? openChores(agent, restart) : undefined
  starts.stage('running')
  startWatch.ready()
  agent.updates.begin()
  agent.renewals.begin()
  watchdog.ready()
  if (starts.mode.kind === 'safe') agent.logger.error({ ...startWatch.report }, 'safe mode')
  agent.logger.info({ device: agent.config.device.id, board: agent.board.name }, 'ready')
  return {
    failure,
    restartOrdered,
    stop: async () => {
      if (!isBroken) starts.clear()
      watchdog.stopping()
      chores?.[Symbol.dispose]()
      await page[Symbol.asyncDispose]()
      await control[Symbol.asyncDispose]()
      await contacts[Symbol.asyncDispose]()
      await stopPlaying(agent)
      await sayGoodbye(agent)
      stop.abort()
      await Promise.allSettled(loops)
      agent.inputJournal.close()
      await agent.media[Symbol.asyncDispose]()
      await agent.state[Symbol.asyncDispose]()
    },
  }
}

/** Who reacts to what changes. */
function wire({
  listeners,
  library,
  alerts,
  dispatcher,
  guide,
  rules,
  reporter,
  signs,
  updates,
}: Upstream): void {
  listeners.documents = (kind) => {
    if (kind === 'job') updates.jobChanged()
    if (kind === 'desired') rules.master.desiredChanged()
    if (kind === 'alert' || kind === 'desired') alerts.replace()
    if (kind === 'schedule' || kind === 'desired') {
      dispatcher.replace(rules.items())
      dispatcher.reconsider()
    }
    if (kind === 'alert' || kind === 'schedule' || kind === 'desired') library.want(guide.wantedMedia())
    reporter.changed()
  }
  library.onChange(() => {
    signs.mediaChanged()
    dispatcher.reconsider()
    reporter.changed()
  })
}

function openControl(agent: Upstream, page: ServedPage): Promise<AsyncDisposable> {
  const {
    clock,
    config,
    logger,
    report,
    guide,
    library,
    state,
    switchAmplifier,
    lineWatch,
    mute,
    localPlay,
    localSign,
    signs,
    controlSocket,
    selftest,
    updates,
  } = agent
  const handlers = createAnswers({
    clock,
    timezone: config.timezone,
    status: () => report.status(),
    guide,
    library,
    outbox: state.outbox,
    switchAmplifier,
    lines: lineWatch,
    unmute: () => mute.lift(),
    localPlay,
    localSign,
    signs,
    verify: createVerifier(agent),
    doctor: createDoctor(agent, () => page.fault),
    selftest,
    updates,
    gather: agent.gather,
  })
  return openControlServer({
    path: controlSocket,
    handlers,
    logger,
    maxBodyBytes: MAX_LOCAL_FILE_BYTES,
  })
}

/**
 * What has no loop of its own: refusals to be counted, documents to be judged again, topics to be subscribed again,
 * and the watchdog to be fed.
 */
async function everySecond(
  {
    clock,
    mute,
    emergency,
    adapters,
    alerts,
    refusals,
    intake,
    staleness,
    session,
    reporter,
    startWatch,
    state,
    inputJournal,
    tickLinks,
    wayWatch,
    moveWatch,
    renewals,
    jobPublisher,
  }: Upstream,
  watchdog: WatchdogFeed,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(EVERY_SECOND_MS, signal).catch(() => undefined)
    mute.tick()
    emergency.tick()
    adapters.tick()
    alerts.tick()
    refusals.tick()
    intake.tick()
    staleness.tick()
    session.tick()
    startWatch.tick()
    state.tick()
    inputJournal.tick()
    tickLinks()
    wayWatch.tick()
    moveWatch.tick()
    renewals.tick()
    jobPublisher.tick()
    reporter.changed()
    watchdog.tick()
  }
}

/** A key that others can read is no reason to be silent: it is told, and everything goes on. */
function checkFiles({ config, credentialsDirectory, clock, condition, logger }: Upstream): void {
  const faults = findFileFaults(
    withPairInForce(config, credentialsDirectory),
    credentialsDirectory,
    clock.wall(),
  )
  for (const fault of faults) logger.warn(fault, 'a certificate, key or password file is not as it should be')
  condition.credentials(faults[0] && `${faults[0].path}: ${faults[0].message}`)
}

/** A damaged state.db is set aside at the next start: that is now, unless something sounds. */
async function checkState({ state, play, alerts, logger }: Upstream, restart: () => void): Promise<void> {
  const damage = await state.damage()
  if (damage === undefined) return
  logger.error({ code: 'DATABASE', damage }, 'state.db is damaged')
  if (play.held.length === 0 && alerts.inForce.length === 0) restart()
}

async function scrubMedia(agent: Upstream): Promise<void> {
  const { media, state, clock, logger, emit, play, library, guide, stop } = agent
  const sounding = (): boolean => play.held.length > 0
  const scrub = new MediaScrub({ cache: media, facts: state.facts, clock, log: logger, emit, sounding })
  if ((await scrub.run(stop)) > 0) library.want(guide.wantedMedia())
}

function openChores(agent: Upstream, restart: () => void): Disposable {
  const { clock, config, logger, state, library, guide, listeners, outside, sensorWatch } = agent
  const chores = outside.openHousekeeping(
    [
      { name: 'check files', at: '5 * * * *', run: () => checkFiles(agent) },
      { name: 'prune records', at: '40 3 * * *', run: () => state.prune(clock.wall(), KEPT_RECORDS) },
      { name: 'look through state.db', at: '50 3 * * *', run: () => checkState(agent, restart) },
      { name: 'look through media', at: '0 2 * * *', run: () => scrubMedia(agent) },
      { name: 'try the disk', at: '30 3 * * *', run: () => sensorWatch.tryCard() },
      { name: 'look ahead for media', at: '10 * * * *', run: () => library.want(guide.wantedMedia()) },
    ],
    config.timezone,
    logger,
  )
  listeners.clockSet = chores.clockWasSet
  return chores
}

async function stopPlaying({ mute, dispatcher, playout, pictures, signs }: Upstream): Promise<void> {
  mute.close()
  dispatcher.close()
  await playout[Symbol.asyncDispose]()
  await pictures[Symbol.asyncDispose]()
  await signs[Symbol.asyncDispose]()
}

/** Gives the outbox two seconds, then leaves so that the will is not sent. */
async function sayGoodbye({ bus, pump, presence, state, clock, logger, stop }: Upstream): Promise<void> {
  pump.notify()
  const deadline = clock.mono() + FLUSH_MS
  while (bus.connected && state.outbox.unacknowledged() > 0 && clock.mono() < deadline)
    await clock.sleep(FLUSH_LOOK_MS, stop)
  if (bus.connected)
    await presence
      .goodbye(bus)
      .catch((error: unknown) => logger.debug({ error: messageOf(error) }, 'no goodbye'))
  await bus[Symbol.asyncDispose]()
}
