import { type AdapterAccount, type AdapterNews, openAccount, seen } from '../core/adapter/account.ts'
import { type Adapter, SOUND_ADAPTER } from '../core/adapter/adapters.ts'
import type { AdapterReport } from '../core/status.ts'
import type { AdapterFinder, AdapterPlace } from '../ports/adapters.ts'
import type { Clock } from '../ports/clock.ts'
import type { Condition } from './condition.ts'
import type { SocketPower } from './socket-power.ts'

export type AdapterWatchOptions = {
  readonly clock: Clock
  readonly adapters: readonly Adapter[]
  readonly finder: AdapterFinder
  readonly condition: Pick<Condition, 'event' | 'unplugged'>
  readonly sockets: SocketPower
  /** Something sounds, or waits to. */
  readonly sounding: () => boolean
  readonly alertInForce: () => boolean
  /** The sound output is one that cannot be watched, so it may be on any hub. */
  readonly soundSomewhere: boolean
}

type Watched = {
  readonly adapter: Adapter
  account: AdapterAccount
  place: AdapterPlace | undefined
}

const CODES = { card: 'AUDIO_DEVICE', port: 'SIGN' } as const

/** Counts how often sound cards and serial adapters go and come back, tells each change once, and has their sockets switched off and on. */
export class AdapterWatch {
  readonly #options: AdapterWatchOptions
  readonly #watched: readonly Watched[]

  constructor(options: AdapterWatchOptions) {
    this.#options = options
    const now = options.clock.mono()
    this.#watched = options.adapters.map((adapter) => ({
      adapter,
      account: openAccount(now),
      place: undefined,
    }))
  }

  get reports(): readonly AdapterReport[] {
    const { finder, sockets } = this.#options
    return this.#watched.map(({ adapter, account, place }) => {
      const better = finder.betterName(adapter)
      return {
        id: adapter.id,
        name: adapter.name,
        present: place !== undefined,
        losses: account.losses,
        returns: account.returns,
        cycles: sockets.cyclesOf(adapter.id),
        ...(better === undefined ? {} : { better }),
      }
    })
  }

  /** Called every second. */
  tick(): void {
    for (const watched of this.#watched) this.#look(watched)
    const facts = {
      soundAtRisk: this.#options.sounding() && this.#soundIsOnUsb,
      alertInForce: this.#options.alertInForce(),
    }
    for (const { adapter, account } of this.#watched)
      this.#options.sockets.look(adapter.id, account.goneSince, facts)
  }

  #look(watched: Watched): void {
    const { clock, finder, condition } = this.#options
    const { adapter } = watched
    watched.place = finder.find(adapter)
    const { account, news } = seen(watched.account, watched.place?.identity, clock.mono())
    watched.account = account
    const isMissed = account.goneSince !== undefined
    condition.unplugged(
      adapter.id,
      isMissed
        ? { code: CODES[adapter.kind], detail: `${adapter.id}: ${adapter.name} is not plugged in` }
        : undefined,
    )
    if (news !== undefined) this.#tell(adapter, account, news)
  }

  #tell({ id, name }: Adapter, { losses, returns }: AdapterAccount, news: AdapterNews): void {
    this.#options.condition.event('ADAPTER', news === 'back' ? 'info' : 'warning', {
      source: `adapter ${id}`,
      state: news,
      name,
      losses,
      returns,
    })
  }

  /** Hubs that switch all their sockets at once are common, so any card on USB may lose its power with another's. */
  get #soundIsOnUsb(): boolean {
    const sound = this.#watched.find(({ adapter }) => adapter.id === SOUND_ADAPTER)
    return sound === undefined ? this.#options.soundSomewhere : sound.place?.usb !== undefined
  }
}
