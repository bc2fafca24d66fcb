import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { createReboot } from '../adapters/system/reboot.ts'
import type { MessageBus } from '../ports/message-bus.ts'
import type { GatherParts } from '../services/bundle-parts.ts'
import { createBundleOrder } from '../services/commands/bundle-order.ts'
import { CommandIntake } from '../services/commands/command-intake.ts'
import { CommandRunner } from '../services/commands/command-runner.ts'
import type { Orders } from '../services/commands/order.ts'
import { createPlayOrder } from '../services/commands/play-order.ts'
import { Replies } from '../services/commands/replies.ts'
import { createSelfTest } from '../services/commands/self-test.ts'
import { createSignOrders } from '../services/commands/sign-orders.ts'
import { createSoundOrders } from '../services/commands/sound-orders.ts'
import { createUpkeepOrders } from '../services/commands/upkeep-orders.ts'
import type { OutboxPump } from '../services/outbox-pump.ts'
import { claimedId, parseDocument } from '../wire/documents.ts'
import { openEnvelope } from '../wire/envelope.ts'
import type { Playing } from './playing.ts'
import type { assembleSelftest } from './selftest.ts'

type Line = {
  readonly bus: MessageBus
  /** `up/reply`. */
  readonly topic: string
  readonly pump: OutboxPump
  readonly boot: string
  readonly restart: () => void
  readonly selftest: ReturnType<typeof assembleSelftest>
  /** Version of the software. */
  readonly agent: string
  readonly gather: GatherParts
}

const areaOf = ({ config }: Playing): string => `${config.device.province}/${config.device.commune}`

function assembleOrders(playing: Playing, { pump, restart, selftest, agent, gather }: Line): Orders {
  const { clock, rules, play, library, guide, state, config } = playing
  const area = areaOf(playing)
  const language = (): string => rules.inForce().languages[0]
  return {
    ...createPlayOrder({
      ...rules,
      clock,
      play,
      area,
      language,
      onHeld: () => library.want(guide.wantedMedia()),
    }),
    ...createSoundOrders({ ...playing, master: rules.master }),
    ...createSignOrders({ ...playing, area, language }),
    ...createSelfTest({ selftest: (signal) => selftest.run('command', signal), stop: playing.stop }),
    ...createBundleOrder({
      ...playing,
      gather,
      gzip: promisify(gzip),
      device: config.device.id,
      timezone: config.timezone,
      agent,
    }),
    ...createUpkeepOrders({
      pump,
      outbox: state.outbox,
      restart,
      // biome-ignore lint/style/noProcessEnv: systemd speaks to the process through its environment
      reboot: createReboot(process.env),
    }),
  }
}

/** Signed orders of the province, and the answers to them. */
export function assembleCommands(playing: Playing, line: Line) {
  const { config, clock, logger, crypto, time, intake: documents, refusals, fail } = playing
  const { signatures } = config.security
  const replies = new Replies({ ...line, clock, logger, onFailure: fail })
  const runner = new CommandRunner({
    orders: assembleOrders(playing, line),
    replies,
    logger,
    onFailure: (error) => {
      // An orderly stop ends what waits.
      if (!playing.stop.aborted) fail(error)
    },
  })
  const intake = new CommandIntake({
    codec: {
      open: (message) => openEnvelope('command', message, { signatures }),
      parse: (payload) => parseDocument('command', payload),
      claimedId,
    },
    crypto,
    clock,
    time,
    keys: () => documents.keys,
    signatures,
    device: config.device.id,
    deviceArea: areaOf(playing),
    boot: line.boot,
    refusals,
    replies,
    logger,
    obey: (command) => runner.obey(command),
  })
  return { intake, replies }
}
