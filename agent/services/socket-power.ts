import {
  attempted,
  mayCycle,
  NO_ATTEMPTS,
  type PowerAccount,
  type PowerFacts,
  succeeded,
} from '../core/adapter/power-cycle.ts'
import type { UsbPowerConfig } from '../core/configuration.ts'
import { messageOf } from '../core/error.ts'
import { type MonoMs, monoMs } from '../core/time.ts'
import type { HubPower } from '../ports/adapters.ts'
import type { Clock } from '../ports/clock.ts'
import type { Facts } from '../ports/state-store.ts'
import type { Condition } from './condition.ts'

export type SocketPowerOptions = {
  readonly clock: Clock
  readonly sockets: readonly UsbPowerConfig[]
  readonly power: HubPower
  readonly facts: Facts
  readonly condition: Pick<Condition, 'event'>
}

type Socket = {
  readonly config: UsbPowerConfig
  account: PowerAccount
  cycles: number
  busy: boolean
  toldFault: string | undefined
}

const DAY_MS = 86_400_000
/** Wall times of the attempts of the last day by adapter: an agent that starts again and again must not try anew each time. */
const FACT = 'usb.attempts'

/** Switches the sockets of adapters that are gone off and on: seldom, and never while something may be heard. */
export class SocketPower {
  readonly #options: SocketPowerOptions
  readonly #sockets: readonly Socket[]

  constructor(options: SocketPowerOptions) {
    this.#options = options
    this.#sockets = options.sockets.map((config) => ({
      config,
      account: { ...NO_ATTEMPTS, attempts: this.#remembered(config.adapter) },
      cycles: 0,
      busy: false,
      toldFault: undefined,
    }))
  }

  /** How often since the agent started. */
  cyclesOf(adapter: string): number {
    return this.#sockets.find(({ config }) => config.adapter === adapter)?.cycles ?? 0
  }

  /** Called every second with how it is with an adapter. */
  look(
    adapter: string,
    goneSince: MonoMs | undefined,
    facts: Pick<PowerFacts, 'soundAtRisk' | 'alertInForce'>,
  ): void {
    const socket = this.#sockets.find(({ config }) => config.adapter === adapter)
    if (socket === undefined || socket.busy) return
    if (goneSince === undefined) socket.account = succeeded(socket.account)
    const now = this.#options.clock.mono()
    if (mayCycle(socket.config, socket.account, { now, goneSince, ...facts })) void this.#cycle(socket)
  }

  async #cycle(socket: Socket): Promise<void> {
    const { clock, power, condition } = this.#options
    const { adapter, hub, port, offSeconds } = socket.config
    const data = { source: `adapter ${adapter}`, hub, port }
    socket.busy = true
    socket.account = attempted(socket.account, clock.mono())
    this.#remember()
    try {
      await power.cycle(hub, port, offSeconds)
      socket.cycles += 1
      socket.toldFault = undefined
      condition.event('ADAPTER', 'info', { ...data, state: 'switched' })
    } catch (fault) {
      const message = messageOf(fault)
      if (socket.toldFault !== message)
        condition.event('ADAPTER', 'warning', { ...data, state: 'not-switched', message })
      socket.toldFault = message
    } finally {
      socket.busy = false
    }
  }

  #remembered(adapter: string): readonly MonoMs[] {
    const { clock, facts } = this.#options
    const all: Readonly<Record<string, readonly number[]>> = JSON.parse(facts.get(FACT) ?? '{}')
    const [wall, mono] = [clock.wall(), clock.mono()]
    return (all[adapter] ?? [])
      .map((at) => wall - at)
      .filter((age) => age >= 0 && age < DAY_MS)
      .map((age) => monoMs(mono - age))
  }

  #remember(): void {
    const { clock, facts } = this.#options
    const [wall, mono] = [clock.wall(), clock.mono()]
    const all = this.#sockets.map(({ config, account }) => [
      config.adapter,
      account.attempts.map((at) => Math.round(wall - (mono - at))),
    ])
    facts.set(FACT, JSON.stringify(Object.fromEntries(all)))
  }
}
