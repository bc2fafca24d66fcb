import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { afterEach } from 'vitest'
import type { Command, CommandOp } from '../../../agent/core/documents.ts'
import { LoaError } from '../../../agent/core/error.ts'
import type { ReplyMessage } from '../../../agent/core/upstream.ts'
import type { SwitchAmplifier } from '../../../agent/services/amplifier-switch.ts'
import { createBundleOrder } from '../../../agent/services/commands/bundle-order.ts'
import { CommandRunner } from '../../../agent/services/commands/command-runner.ts'
import type { Orders } from '../../../agent/services/commands/order.ts'
import { createPlayOrder } from '../../../agent/services/commands/play-order.ts'
import { createSelfTest, type SelfTestOptions } from '../../../agent/services/commands/self-test.ts'
import { createSignOrders } from '../../../agent/services/commands/sign-orders.ts'
import { createSoundOrders } from '../../../agent/services/commands/sound-orders.ts'
import { createUpkeepOrders } from '../../../agent/services/commands/upkeep-orders.ts'
import { MasterVolume } from '../../../agent/services/master-volume.ts'
import { Mute } from '../../../agent/services/mute.ts'
import { settled } from '../../fakes/manual-clock.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { at, Station } from '../dispatch/station.ts'

/** More than a small bundle takes, and nothing makes it smaller. */
const noise = Array.from({ length: 8000 }, () => `${randomBytes(32).toString('base64')}\n`).join('')

const stations: Station[] = []
afterEach(async () => {
  for (const station of stations.splice(0)) await station.crash()
})

/** A station that takes orders; `relays` is what is known of its one relay. */
export const openOrders = (selftest: SelfTestOptions['selftest'] = async function* () {}) => {
  const station = new Station()
  stations.push(station)
  station.on()
  const { clock, store } = station
  const { play, playout, time, signs, signItems } = station.agent
  const relays: { main: 'off' | 'on' | 'stuck' } = { main: 'off' }
  const condition = { amplifiers: relays, soundDevice: 'ok' } as const
  const stop = new AbortController().signal
  const mute = new Mute({
    clock,
    time,
    facts: store.facts,
    playout,
    play,
    logger: silentLogger,
    onUnmuted: () => undefined,
  })
  const place = { clock, area: '75/26068', language: () => 'vi' }
  const switchAmplifier: SwitchAmplifier = async ({ id, on }) => {
    if (id !== 'main') throw new LoaError('INVALID', 'no such amplifier')
    return { id, state: on ? 'on' : 'off' }
  }
  const orders: Orders = {
    ...createPlayOrder({
      ...place,
      play,
      readinessOf: (item) => station.readinessOf(item),
      onHeld: () => undefined,
    }),
    ...createSoundOrders({
      clock,
      play,
      mute,
      master: new MasterVolume(store.facts, () => undefined),
      switchAmplifier,
      condition,
      stop,
    }),
    ...createSignOrders({ ...place, signs, signItems }),
    ...createSelfTest({ selftest, stop }),
    ...createBundleOrder({
      clock,
      crypto: { sha256Hex: () => 'a'.repeat(64) },
      gather: async function* () {
        yield { name: 'status.json', text: '{}\n' }
        yield { name: 'log.jsonl', text: noise }
      },
      gzip: promisify(gzip),
      device: 'd-1',
      timezone: 'Asia/Ho_Chi_Minh',
      agent: '0.1.0',
      stop,
    }),
    ...createUpkeepOrders({
      outbox: store.outbox,
      pump: { sync: () => undefined },
      restart: () => undefined,
      reboot: async () => {
        throw new LoaError('UNSUPPORTED', 'not this machine')
      },
    }),
  }
  const replies: (Pick<ReplyMessage, 'id' | 'status'> & { code?: string; data?: object })[] = []
  const runner = new CommandRunner({
    orders,
    replies: { say: (id, status, rest) => void replies.push({ id, status, ...rest }) },
    logger: silentLogger,
    onFailure: (error) => {
      throw error
    },
  })
  const obey = (id: string, op: CommandOp): void => {
    const command: Command = {
      kind: 'command',
      v: 1,
      device: 'd-1',
      boot: 'b',
      iat: at(0),
      exp: at(60),
      id,
      ...op,
    }
    runner.obey(command)
  }
  const words = (id: string): readonly string[] =>
    replies
      .filter((reply) => reply.id === id)
      .map(({ status, code }) => [status, code].filter((word) => word !== undefined).join(' '))
  const last = (id: string) => replies.findLast((reply) => reply.id === id)
  const rest = async (seconds = 1): Promise<void> => {
    await station.pass(seconds)
    await settled()
  }
  return { station, obey, words, last, rest, relays }
}
