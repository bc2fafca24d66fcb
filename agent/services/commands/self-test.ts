import type { Code } from '../../core/codes.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Playout } from '../../ports/playout.ts'
import type { SwitchAmplifier } from '../amplifier-switch.ts'
import { comesTrue } from '../comes-true.ts'
import type { Condition } from '../condition.ts'
import type { SignControl } from '../sign-control.ts'
import type { Answer, OrdersOf } from './order.ts'

export type SelfTestOptions = {
  readonly clock: Clock
  readonly playout: Pick<Playout, 'warm'>
  readonly condition: Pick<Condition, 'amplifiers' | 'soundDevice'>
  readonly signs: Pick<SignControl, 'health'>
  readonly switchAmplifier: SwitchAmplifier
  /** Amplifiers with a read-back contact: the others are said to have obeyed, not seen. */
  readonly readBack: ReadonlySet<string>
  /** Why no relay may be closed now; undefined when one may. */
  readonly keptOpen: () => 'MUTED' | 'QUIET_HOURS' | 'playing' | undefined
  readonly stop: AbortSignal
}

type Relay = 'ok' | 'no read-back' | 'fault' | 'not tried'

const DEVICE_WITHIN_MS = 2000
const WARM_SECONDS = 5
const CLOSED_SECONDS = 1

/** `self-test`: opens the sound device, closes and opens every relay where nobody is disturbed, asks the signs. No sound. */
export const createSelfTest = (options: SelfTestOptions): OrdersOf<'self-test'> => ({
  'self-test': async (_command, started): Promise<Answer> => {
    started()
    const [sound, amplifiers] = [await openDevice(options), await tryRelays(options)]
    const signs = options.signs.health()
    const faults: readonly Code[] = [
      ...(sound === 'ok' ? [] : (['AUDIO_DEVICE'] as const)),
      ...(Object.values(amplifiers).includes('fault') ? (['AMPLIFIER'] as const) : []),
      ...(Object.values(signs).includes('fault') ? (['SIGN'] as const) : []),
    ]
    const [code] = faults
    const why = options.keptOpen()
    const data = { sound, amplifiers, signs, ...(why === undefined ? {} : { relaysKeptOpen: why }) }
    return code === undefined ? { status: 'done', data } : { status: 'failed', code, data }
  },
})

/** A fault shows within moments; a device that says nothing has not been opened. */
async function openDevice({ clock, playout, condition, stop }: SelfTestOptions): Promise<'ok' | 'fault'> {
  playout.warm(WARM_SECONDS)
  await comesTrue(clock, DEVICE_WITHIN_MS, () => condition.soundDevice === 'fault', stop)
  return condition.soundDevice === 'ok' ? 'ok' : 'fault'
}

async function tryRelays(options: SelfTestOptions): Promise<Readonly<Record<string, Relay>>> {
  const tried: Record<string, Relay> = {}
  for (const id of Object.keys(options.condition.amplifiers)) tried[id] = await tryRelay(id, options)
  return tried
}

async function tryRelay(
  id: string,
  { condition, switchAmplifier, readBack, keptOpen, stop }: SelfTestOptions,
): Promise<Relay> {
  if (condition.amplifiers[id] === 'stuck') return 'fault'
  if (keptOpen() !== undefined) return 'not tried'
  try {
    await switchAmplifier({ id, on: true, seconds: CLOSED_SECONDS }, stop)
    await switchAmplifier({ id, on: false }, stop)
  } catch (error) {
    if (stop.aborted) throw error
    return 'fault'
  }
  return readBack.has(id) ? 'ok' : 'no read-back'
}
