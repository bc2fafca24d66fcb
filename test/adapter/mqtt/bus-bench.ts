import { afterEach } from 'vitest'
import { MqttBus, type MqttBusOptions } from '../../../agent/adapters/mqtt/mqtt-bus.ts'
import { createSystemClock } from '../../../agent/adapters/system/clock.ts'
import type { Ending } from '../../../agent/core/takeover.ts'
import type { Logger } from '../../../agent/ports/logger.ts'
import type { BusMessage } from '../../../agent/ports/message-bus.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

type Oversize = { readonly topic: string; readonly bytes: number }

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each[Symbol.asyncDispose]()
})

/** Disposed of after the test, the last one first. */
export const owned = <T extends AsyncDisposable>(thing: T): T => {
  opened.push(thing)
  return thing
}

/** A bus that tries every 30 ms, and everything that it told. */
export const openBus = (urls: MqttBusOptions['urls'], more: Partial<MqttBusOptions> = {}) => {
  const connected: { readonly url: string; readonly resumed: boolean }[] = []
  const lost: string[] = []
  const endings: Ending[] = []
  const unreachable: string[] = []
  const messages: BusMessage[] = []
  const oversized: Oversize[] = []
  const warnings: string[] = []
  const logger: Logger = {
    ...silentLogger,
    warn: (fields) => void warnings.push('reason' in fields ? String(fields.reason) : ''),
  }
  let wills = 0
  const bus = owned(
    new MqttBus({
      urls,
      account: { clientId: 'd-1', protocol: 5 },
      will: () => {
        wills += 1
        return { topic: 't/state', payload: `lost ${wills}`, delaySeconds: 60 }
      },
      untilNextTry: () => 30,
      contested: () => endings.at(-1) === 'taken',
      clock: createSystemClock(),
      logger,
      handlers: {
        onConnect: (session) => void connected.push(session),
        onMessage: (message) => void messages.push(message),
        onDisconnect: (reason, ending) => {
          lost.push(reason)
          endings.push(ending)
        },
        onUnreachable: (_url, reason) => void unreachable.push(reason),
        onOversize: (topic, bytes) => void oversized.push({ topic, bytes }),
      },
      ...more,
    }),
  )
  bus.start()
  return { bus, connected, lost, endings, unreachable, messages, oversized, warnings, wills: () => wills }
}
