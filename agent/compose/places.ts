import { createTurn } from '../core/health/turn.ts'
import { epochMs } from '../core/time.ts'
import type { AboutMessage } from '../core/upstream.ts'
import type { MessageBus } from '../ports/message-bus.ts'
import { MoveWatch } from '../services/move-watch.ts'
import type { Presence } from '../services/presence.ts'
import type { Signposts, SignpostsOptions } from '../services/signposts.ts'
import { createTopics, type Topics } from '../wire/topics.ts'
import type { Playing } from './playing.ts'

type Line = {
  readonly bus: MessageBus
  readonly topics: Topics
  readonly presence: Presence
  readonly about: AboutMessage
  readonly restart: () => void
}

/** A restart on a slow board takes seconds; what is due sooner than this is waited for. */
const NEAR_MS = 180_000
const NEXT_ALERT_MS = 60_000
/** Devices that are moved together start again in as long as this. */
const SPREAD_MS = 60_000

/** Those of the present place, and what is listened to of former ones. */
export const topicsOf = ({ config: { device, mqtt }, places, clock, time, zone }: Playing): Topics =>
  createTopics({
    ...places.present,
    root: mqtt.topicRoot,
    id: device.id,
    former: places.lasting(time.state === 'unset' ? time.floor : clock.wall(), zone),
    left: places.formerly,
  })

/** Whether the agent may start again without anybody hearing it. */
const isQuiet =
  ({ play, alerts, guide, clock, emergency }: Playing) =>
  (how: 'nothing near' | 'nothing sounds'): boolean => {
    const now = clock.wall()
    if (how === 'nothing near') {
      const [next] = guide.next(1)
      const isNear = next !== undefined && Date.parse(next.at) < now + NEAR_MS
      return play.held.length === 0 && alerts.inForce.length === 0 && !isNear
    }
    const due = epochMs(now + NEXT_ALERT_MS)
    const alertIsNear = alerts.inForce.some(({ handedOver, dueAt }) => handedOver || (dueAt ?? due) < due)
    return play.playing === undefined && emergency.sources.length === 0 && !alertIsNear
  }

/** Moves to another commune or province, and what stays behind of them. */
export function assemblePlaces(playing: Playing, { bus, topics, presence, about, restart }: Line) {
  const { clock, config, intake, logger, rules, state } = playing
  const turn = createTurn(config.device.id, () =>
    Math.min(SPREAD_MS, rules.inForce().heartbeat.intervalSeconds * 1000),
  )
  const moveWatch = new MoveWatch({
    ...playing,
    desired: () => intake.ownDesired,
    leave: () => intake.leavePlaces(),
    quiet: isQuiet(playing),
    durable: () => state.unwritable === undefined && playing.startWatch.runs('state'),
    hasTurn: () => turn(clock.wall()),
    restart,
  })
  return {
    moveWatch,
    signposts: lateSignposts({ bus, clock, logger, left: topics.left, about, goodbye: () => presence.gone }),
  }
}

/** Most devices were never moved: loaded where one was. */
function lateSignposts(options: SignpostsOptions): Pick<Signposts, 'announce' | 'heard'> {
  const loading =
    options.left.size === 0
      ? undefined
      : import('../services/signposts.ts').then((module) => new module.Signposts(options))
  return {
    announce: async () => (await loading)?.announce(),
    heard: async (province, payload) => (await loading)?.heard(province, payload),
  }
}
