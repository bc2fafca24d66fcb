import { MqttBus } from '../adapters/mqtt/mqtt-bus.ts'
import { packageVersion } from '../adapters/system/project.ts'
import { messageOf } from '../core/error.ts'
import { untilNextTry } from '../core/reconnect.ts'
import type { TakeoverSign } from '../core/takeover.ts'
import type { AboutMessage } from '../core/upstream.ts'
import type { BusHandlers } from '../ports/message-bus.ts'
import { AgentReport, type AgentReportParts } from '../services/agent-report.ts'
import type { GatherParts } from '../services/bundle-parts.ts'
import { OutboxPump } from '../services/outbox-pump.ts'
import { Presence, type PresenceOptions } from '../services/presence.ts'
import type { Renewals } from '../services/renewal/renewals.ts'
import { Reporter } from '../services/reporter.ts'
import { BrokerSession } from '../services/session.ts'
import { TakeoverWatch } from '../services/takeover-watch.ts'
import { parseAcked } from '../wire/documents.ts'
import type { Topics } from '../wire/topics.ts'
import { createAdapters } from './adapters.ts'
import { assembleCommands } from './commands.ts'
import type { Asked } from './doctor.ts'
import { createHearing } from './hearing.ts'
import { watchWay } from './links.ts'
import { assemblePlaces, topicsOf } from './places.ts'
import type { Playing } from './playing.ts'
import { assembleRenewals, pairForTry, toldToo } from './renewals.ts'
import { assembleSelftest } from './selftest.ts'
import { assembleUpdates } from './updates.ts'

const PLAYBACK_EXPIRY_SECONDS = 86_400

const TAKEOVER_TEXT: Readonly<Record<TakeoverSign, string>> = {
  'reason-code': 'the broker said that another client came with the id of this device',
  'short-connections': 'the broker closed three connections in a row soon after it had taken them',
  'foreign-birth': 'another agent announced itself with the id of this device',
}

function aboutOf({ config, board, machine }: Playing, agent: string): AboutMessage {
  const { id, province, commune, languages } = config.device
  return {
    v: 1,
    device: id,
    province,
    commune,
    kind: board.signs.length > 0 ? 'speaker-sign' : 'speaker',
    board: board.name,
    model: machine.model,
    serial: machine.serial,
    agent,
    node: process.versions.node,
    os: machine.os,
    audio: board.audio.driver,
    amplifiers: board.amplifiers.map((amplifier) => amplifier.id),
    signs: board.signs.map(({ id: sign, driver, width, height }) => ({ id: sign, driver, width, height })),
    inputs: board.inputs.map((input) => input.id),
    languages,
    capabilities: [
      'schedule',
      'alert',
      'speech',
      'desired',
      'stream',
      'sign-text',
      'local-play',
      'command',
      'contact',
      ...(board.audio.capture === undefined ? [] : ['hearing']),
    ],
  }
}

function createBus(
  playing: Playing,
  presence: Presence,
  takeover: TakeoverWatch,
  renewals: Renewals,
  handlers: () => BusHandlers,
): MqttBus {
  const { config, clock, logger, credentialsDirectory } = playing
  const { device, mqtt } = config
  return new MqttBus({
    urls: mqtt.urls,
    account: {
      ...mqtt,
      clientId: device.id,
      ...(credentialsDirectory === undefined ? {} : { credentialsDirectory }),
    },
    pair: () => pairForTry(playing, renewals),
    will: () => presence.nextWill(),
    untilNextTry: (sinceLossMs) =>
      takeover.contested ? takeover.untilNextTry() : untilNextTry(device.id, sinceLossMs),
    contested: () => takeover.contested,
    clock,
    logger,
    // Looked up at each call: the session that handles them needs the bus first.
    handlers: toldToo(renewals, handlers),
  })
}

const createPump = (
  { clock, config, logger, monitor, state }: Playing,
  bus: MqttBus,
  topics: Topics,
  onRefused: (message: string) => void,
): OutboxPump =>
  new OutboxPump({
    outbox: state.outbox,
    clock,
    random: Math.random,
    logger,
    device: config.device.id,
    ack: config.outbox.ack,
    publish: (topic, payload) =>
      bus.publish(topics.up[topic], payload, {
        qos: 1,
        retain: false,
        expirySeconds: PLAYBACK_EXPIRY_SECONDS,
      }),
    connected: () => bus.connected,
    onRefused,
    onTurn: () => monitor.heard('records'),
  })

const takeAcked =
  (pump: OutboxPump, refuse: (message: string) => void) =>
  (payload: Uint8Array): void => {
    try {
      pump.acked(parseAcked(payload))
    } catch (error) {
      refuse(messageOf(error))
    }
  }

/** Nothing waits for it, and what could not be said is said after the next connection. */
const saidUnwaited =
  (logger: Playing['logger']) =>
  (saying: Promise<void>): void => {
    saying.catch((error: unknown) => logger.debug({ error: messageOf(error) }, 'not announced'))
  }

const createTakeoverWatch = ({ clock, condition }: Playing): TakeoverWatch =>
  new TakeoverWatch({
    clock,
    random: Math.random,
    onChange: (sign) => condition.session(sign && TAKEOVER_TEXT[sign]),
  })

const createReport = (
  playing: Playing,
  parts: Pick<AgentReportParts, 'adapters' | 'session' | 'agent' | 'moveWatch' | 'updates'>,
): AgentReport =>
  new AgentReport({
    ...playing,
    ...playing.rules,
    ...parts,
    board: playing.board.name,
    outbox: playing.state.outbox,
    hearing: createHearing(playing),
  })

/** Rarely asked for: loaded then. */
const lateGather = (playing: Playing, asked: () => Asked): GatherParts =>
  async function* gather(signal) {
    const { createGather } = await import('./bundle.ts')
    yield* createGather({ ...playing, ...asked() })(signal)
  }

const createPresence = (
  { clock, state, logger }: Playing,
  takeover: TakeoverWatch,
  said: Pick<PresenceOptions, 'topic' | 'boot' | 'agent'>,
): Presence =>
  new Presence({
    ...said,
    clock,
    facts: state.facts,
    logger,
    onForeignBirth: () => takeover.foreignBirth(),
  })

/** The connection with the province and everything that travels up over it. */
export function assembleUpstream(playing: Playing, restart: () => void) {
  const { config, clock, logger, intake, refusals, crypto, listeners, stop } = playing
  const agent = packageVersion()
  const topics = topicsOf(playing)
  const takeover = createTakeoverWatch(playing)
  const boot = crypto.randomHex(16)
  const presence = createPresence(playing, takeover, { topic: topics.up.state, boot, agent })
  const renewals = assembleRenewals(playing, { bus: () => bus, updating: () => updating.updates.isBusy })
  const bus: MqttBus = createBus(playing, presence, takeover, renewals, () => session.handlers)
  /** Whoever reaches the broker can send these: told once, then counted. */
  const refuseAcked = (message: string): void => refusals.add({ document: 'acked', code: 'INVALID', message })
  const pump = createPump(playing, bus, topics, refuseAcked)
  const about = aboutOf(playing, agent)
  const { moveWatch, signposts } = assemblePlaces(playing, { bus, topics, presence, about, restart })
  const unwaited = saidUnwaited(logger)
  const selftest = assembleSelftest(playing, { bus, presence, agent, fault: () => session.fault })
  const gather = lateGather(playing, () => ({ report, session }))
  const commands = assembleCommands(playing, {
    bus,
    topic: topics.up.reply,
    pump,
    boot,
    restart,
    selftest,
    agent,
    gather,
  })
  const session: BrokerSession = new BrokerSession({
    bus,
    topics,
    clock,
    logger,
    intake,
    presence,
    takeover,
    refusals,
    signatures: config.security.signatures,
    onReady: () => {
      pump.reconnected()
      commands.replies.reconnected()
      unwaited(reporter.announce())
      unwaited(signposts.announce())
      updating.jobPublisher.announce()
    },
    onCommand: (payload) => commands.intake.receive(payload),
    onFormerState: (province, payload) => unwaited(signposts.heard(province, payload)),
    onAcked: takeAcked(pump, refuseAcked),
    stop,
  })
  const adapters = createAdapters(playing)
  const line = { bus, session, topic: topics.up.job, restart, selftest, renewals }
  const updating = assembleUpdates(playing, line)
  const report: AgentReport = createReport(playing, { adapters, session, agent, moveWatch, ...updating })
  const reporter: Reporter = new Reporter({
    bus,
    clock,
    logger,
    device: config.device.id,
    topics: topics.up,
    about,
    reported: () => report.reported(),
    heartbeat: () => report.heartbeat(),
    intervalSeconds: () => playing.rules.inForce().heartbeat.intervalSeconds,
    onTurn: () => playing.monitor.heard('reports'),
  })
  listeners.record = () => pump.notify()
  const wayWatch = watchWay(playing, bus)
  return {
    ...playing,
    adapters,
    topics,
    boot,
    bus,
    pump,
    presence,
    session,
    moveWatch,
    report,
    reporter,
    wayWatch,
    selftest,
    renewals,
    ...updating,
    gather,
  }
}

export type Upstream = ReturnType<typeof assembleUpstream>
