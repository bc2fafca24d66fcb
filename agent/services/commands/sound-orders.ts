import type { Clock } from '../../ports/clock.ts'
import type { SwitchAmplifier } from '../amplifier-switch.ts'
import { comesTrue } from '../comes-true.ts'
import type { Condition } from '../condition.ts'
import type { MasterVolume } from '../master-volume.ts'
import type { Mute } from '../mute.ts'
import type { PlayService } from '../play.ts'
import { type Answer, done, type OrdersOf } from './order.ts'

export type SoundOrdersOptions = {
  readonly clock: Clock
  readonly play: Pick<PlayService, 'apply' | 'held' | 'tick'>
  readonly mute: Mute
  readonly master: MasterVolume
  readonly switchAmplifier: SwitchAmplifier
  readonly condition: Pick<Condition, 'amplifiers'>
  readonly stop: AbortSignal
}

const SILENT_WITHIN_MS = 2000
const RELAYS_OPEN_WITHIN_MS = 1000

/** Orders that concern what is heard, apart from `play`. */
export function createSoundOrders(
  options: SoundOrdersOptions,
): OrdersOf<'stop' | 'mute' | 'unmute' | 'volume' | 'amplifier'> {
  const { clock, play, mute, master, switchAmplifier, stop } = options
  return {
    stop: () => stopAll(options),
    mute: async ({ args }) => {
      mute.mute(args?.seconds)
      return await relaysOpen(options)
    },
    unmute: () => {
      mute.lift()
      return done()
    },
    volume: ({ args }) => {
      master.order(args.volume)
      play.tick(clock.wall())
      return done({ volume: master.percent })
    },
    amplifier: async ({ args }) => done(await switchAmplifier(args, stop)),
  }
}

async function stopAll({ clock, play, stop }: SoundOrdersOptions): Promise<Answer> {
  const at = clock.wall()
  const before = play.held.filter(({ alert }) => alert === undefined)
  play.apply({ kind: 'stop', at, keys: 'all' })
  const kept = (): ReadonlySet<string> => new Set(play.held.map(({ key }) => key))
  const meant = before.filter(({ planned }) => planned <= at)
  const silent = await comesTrue(
    clock,
    SILENT_WITHIN_MS,
    () => !meant.some(({ key }) => kept().has(key)),
    stop,
  )
  if (!silent) return { status: 'failed', code: 'AUDIO_DEVICE', data: { message: 'playout does not end it' } }
  return done({ stopped: meant.length })
}

async function relaysOpen({ clock, condition, stop }: SoundOrdersOptions): Promise<Answer> {
  const closed = (): readonly string[] =>
    Object.entries(condition.amplifiers).flatMap(([id, state]) => (state === 'off' ? [] : [id]))
  if (await comesTrue(clock, RELAYS_OPEN_WITHIN_MS, () => closed().length === 0, stop))
    return done({ amplifiers: condition.amplifiers })
  const message = `muted, but the relay of ${closed().join(', ')} is not known to be open`
  return { status: 'failed', code: 'AMPLIFIER', data: { message, amplifiers: condition.amplifiers } }
}
