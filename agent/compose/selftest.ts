import { createReportSigner } from '../adapters/crypto/report-signer.ts'
import { pairInForce } from '../adapters/identity/in-force.ts'
import { hasRelay } from '../core/configuration.ts'
import { quietAt } from '../core/policy/quiet-hours.ts'
import { itemSeconds } from '../core/schedule/duration.ts'
import { isSignOnly } from '../core/schedule/item.ts'
import { type EpochMs, epochMs } from '../core/time.ts'
import type { MessageBus } from '../ports/message-bus.ts'
import type { Presence } from '../services/presence.ts'
import type { PlannedSound, SelftestParts, TestedAmplifier } from '../services/selftest/parts.ts'
import type { Selftest } from '../services/selftest/selftest.ts'
import type { Playing } from './playing.ts'

type Line = {
  readonly bus: MessageBus
  readonly presence: Presence
  /** Version. */
  readonly agent: string
  /** Why no broker is connected. */
  readonly fault: () => string
}

/** As long as a contact may take where the board file says nothing. */
const CONTACT_MS = 200

const testedAmplifiers = ({ board }: Playing): readonly TestedAmplifier[] =>
  board.amplifiers.map((each) => {
    const feedback = each.driver === 'gpiochip' ? each.feedback : undefined
    return {
      id: each.id,
      hasRelay: hasRelay(each) && each.driver !== 'none',
      readBack: feedback !== undefined,
      withinMs: feedback?.withinMs ?? CONTACT_MS,
      minOffMs: each.minOffMs,
      feedsSigns: (each.signs ?? []).length > 0,
    }
  })

/** What will sound, soonest first. */
export const plannedSounds =
  ({ dispatcher, rules }: Playing) =>
  (from: EpochMs, until: EpochMs): readonly PlannedSound[] =>
    dispatcher
      .planned(from, until)
      .filter(({ item }) => !isSignOnly(item) && rules.readinessOf(item).state !== 'excluded')
      .map(({ item, planned }) => ({
        item: item.id,
        from: planned,
        until: epochMs(planned + itemSeconds(item, rules.soundFrames) * 1000),
      }))

function partsOf(playing: Playing, { bus, presence, agent, fault }: Line): SelftestParts {
  const { config, board, rules, clock, mute, alerts, condition, playout } = playing
  const { id: device, province, commune } = config.device
  const { credentialsDirectory } = playing
  return {
    ...playing,
    identity: { device, province, commune, board: board.name, agent },
    amplifiers: testedAmplifiers(playing),
    panels: board.signs.map((sign) => ({
      id: sign.id,
      width: sign.width,
      height: sign.height,
      color: 'color' in sign ? sign.color : 'rgb',
    })),
    hasCapture: board.audio.capture !== undefined,
    letGo: (amplifier) => playout.amplifier(amplifier, false, 0),
    alerts: () => alerts.inForce,
    planned: plannedSounds(playing),
    muted: () => mute.on,
    quiet: () => quietAt(rules.quietHours(), rules.zone, clock.wall()),
    broker: {
      connected: () => bus.connected,
      fault,
      say: () => presence.announce(bus),
      cameBack: () => presence.cameBack,
    },
    signer: {
      sign: (typ, text) => {
        const pair = pairInForce(config, credentialsDirectory)
        return createReportSigner({ ...config.mqtt, ...pair, credentialsDirectory }).sign(typ, text)
      },
    },
    emit: (code, severity, data) => condition.event(code, severity, data),
  }
}

/** The commissioning run, loaded when it is first asked for: in most lives of an agent it never is. */
export function assembleSelftest(playing: Playing, line: Line) {
  let loading: Promise<Selftest> | undefined
  let runs = 0
  const loaded = (): Promise<Selftest> => {
    loading ??= import('../services/selftest/selftest.ts').then(
      (module) => new module.Selftest(partsOf(playing, line)),
    )
    return loading
  }
  return {
    async *run(...args: Parameters<Selftest['run']>): ReturnType<Selftest['run']> {
      runs += 1
      try {
        yield* (await loaded()).run(...args)
      } finally {
        runs -= 1
      }
    },
    get isRunning(): boolean {
      return runs > 0
    },
    answer: async (...args: Parameters<Selftest['answer']>): Promise<boolean> =>
      (await loaded()).answer(...args),
  }
}
