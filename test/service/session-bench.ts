import { afterEach } from 'vitest'
import type { Refused } from '../../agent/core/refused.ts'
import type { TakeoverSign } from '../../agent/core/takeover.ts'
import { Presence } from '../../agent/services/presence.ts'
import { BrokerSession, type SessionOptions } from '../../agent/services/session.ts'
import { TakeoverWatch } from '../../agent/services/takeover-watch.ts'
import { createTopics } from '../../agent/wire/topics.ts'
import { ManualClock, settled } from '../fakes/manual-clock.ts'
import { MemoryBroker, MemoryBus } from '../fakes/memory-bus.ts'
import { memoryFacts } from '../fakes/memory-state-store.ts'
import { silentLogger } from '../fakes/silent-logger.ts'

export const topics = createTopics({ root: 'loa/v1', province: '75', commune: '26068', id: 'd-1' })
export const STATE = topics.up.state

const stops: AbortController[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort()
})

/** A session on a bus in memory, and everything that came of it. */
export const openSession = (
  more: { keepsSession?: boolean; trust?: boolean; take?: (key: string) => void } & Pick<
    Partial<SessionOptions>,
    'signatures' | 'onAcked'
  > = {},
) => {
  const { keepsSession = false, trust = false, take = () => undefined, ...options } = more
  const clock = new ManualClock()
  const broker = new MemoryBroker()
  const received: string[] = []
  const commands: string[] = []
  const refused: Refused[] = []
  const ready: number[] = []
  const signs: (TakeoverSign | undefined)[] = []
  const takeover = new TakeoverWatch({
    clock,
    random: () => 0,
    onChange: (sign) => void signs.push(sign),
  })
  const presence = new Presence({
    clock,
    facts: memoryFacts(),
    logger: silentLogger,
    topic: STATE,
    boot: 'b1',
    agent: '0',
    onForeignBirth: () => takeover.foreignBirth(),
  })
  const bus: MemoryBus = new MemoryBus({
    broker,
    keepsSession,
    will: () => presence.nextWill(),
    handlers: {
      onConnect: (made) => session.handlers.onConnect(made),
      onMessage: (message) => session.handlers.onMessage(message),
      onDisconnect: (reason, ending) => session.handlers.onDisconnect(reason, ending),
      onUnreachable: (url, reason) => session.handlers.onUnreachable(url, reason),
      onOversize: (topic, bytes) => session.handlers.onOversize(topic, bytes),
    },
  })
  const stop = new AbortController()
  stops.push(stop)
  const session: BrokerSession = new BrokerSession({
    bus,
    topics,
    clock,
    logger: silentLogger,
    presence,
    takeover,
    intake: {
      holdsAllTrust: trust,
      receive: ({ key }) => {
        take(key)
        received.push(key)
      },
    },
    refusals: { add: (entry) => void refused.push(entry) },
    signatures: 'required',
    onReady: () => void ready.push(clock.mono()),
    onAcked: () => undefined,
    onCommand: (payload) => void commands.push(new TextDecoder().decode(payload)),
    stop: stop.signal,
    ...options,
  })
  const asked = () => bus.subscriptions.map(({ topics: list, retained }) => [list.length, retained])
  const idle = async () => {
    for (let turn = 0; turn < 10; turn += 1) await settled()
  }
  const states = () => broker.on(STATE).map((payload) => (payload === '' ? '' : JSON.parse(payload).state))
  return {
    clock,
    broker,
    bus,
    session,
    takeover,
    signs,
    received,
    commands,
    refused,
    ready,
    presence,
    asked,
    idle,
    states,
  }
}
