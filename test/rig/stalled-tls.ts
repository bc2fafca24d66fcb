import { MqttBus } from '../../agent/adapters/mqtt/mqtt-bus.ts'
import { createSystemClock } from '../../agent/adapters/system/clock.ts'
import { silentLogger } from '../fakes/silent-logger.ts'
import { DEVICE } from './agent-files.ts'
import { BrokenLine } from './broken-line.ts'
import { eventually } from './eventually.ts'
import { SecureBroker } from './secure-broker.ts'

const PATIENCE_MS = 60_000

/** A TLS handshake that nobody answers: says why it was given up, and how soon after the mending there is a connection. */
export const stallTls = async (): Promise<string> => {
  await using broker = await SecureBroker.start(`75/26068/${DEVICE}`)
  await using line = await BrokenLine.open(broker.mosquitto.port)
  line.break({ kind: 'silent' })
  const reasons: string[] = []
  const begun = performance.now()
  const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`
  await using bus = new MqttBus({
    urls: [`mqtts://localhost:${line.port}`],
    account: { ...(await broker.account(DEVICE)), clientId: DEVICE, protocol: 5 },
    will: () => ({ topic: `loa/v1/device/75/${DEVICE}/up/state`, payload: 'lost', delaySeconds: 0 }),
    untilNextTry: () => 1000,
    contested: () => false,
    clock: createSystemClock(),
    logger: silentLogger,
    handlers: {
      onConnect: () => undefined,
      onMessage: () => undefined,
      onDisconnect: () => undefined,
      onUnreachable: (_url, reason) => void reasons.push(reason),
      onOversize: () => undefined,
    },
  })
  bus.start()
  await eventually('it is given up', () => reasons[0], PATIENCE_MS)
  const givenUp = seconds(begun)
  line.mend()
  line.cut()
  const mended = performance.now()
  await eventually('connected', () => bus.connected, PATIENCE_MS)
  return `given up after ${givenUp} (${reasons[0]}), connected ${seconds(mended)} after the mending`
}
