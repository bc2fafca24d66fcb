import type { Command } from '../documents.ts'
import type { ClockState } from '../records.ts'
import type { KeySet } from './key-set.ts'
import { demandsOf, type JudgingTime } from './scope.ts'
import { judgeSigners, type Refusal, refused, type Signers } from './signers.ts'

const MAX_LIFE_MS = 5 * 60_000
const EARLY_MS = 60_000

/** Orders whose replay within one boot is the least harm: without a synced clock they are judged by boot nonce and id. */
const HARMLESS: ReadonlySet<Command['op']> = new Set(['stop', 'mute', 'unmute', 'sign-clear', 'sync'])

export type CommandGrounds = {
  readonly device: string
  /** `province/commune`. */
  readonly deviceArea: string
  /** The nonce in the device's current `up/state`. */
  readonly boot: string
  /** Whether the id was taken in this boot already. */
  readonly seen: (id: string) => boolean
  readonly keys: KeySet
  readonly clock: ClockState
  readonly time: Omit<JudgingTime, 'unset'>
}

const judgeTime = (command: Command, { clock, time }: CommandGrounds): Refusal | undefined => {
  const [iat, exp] = [Date.parse(command.iat), Date.parse(command.exp)]
  if (exp - iat > MAX_LIFE_MS) return refused('INVALID', 'exp is more than 5 min after iat')
  if (clock !== 'synced' && HARMLESS.has(command.op))
    return exp < time.floor ? refused('EXPIRED', 'exp is below the floor') : undefined
  if (clock === 'unset') return refused('EXPIRED', `the time is not known: ${command.op} cannot be judged`)
  if (time.now < iat - EARLY_MS || time.now >= exp)
    return refused('EXPIRED', `not between ${command.iat} less 60 s and ${command.exp}`)
  return undefined
}

/**
 * Whether a command may be carried out: undefined, or why not. The caller notes its id as seen only when it is accepted.
 * @see contract, section 3, command
 */
export const authoriseCommand = (
  command: Command,
  signers: Signers,
  grounds: CommandGrounds,
): Refusal | undefined => {
  if (command.device !== grounds.device) return refused('WRONG_DEVICE', `for ${command.device}`)
  if (command.boot !== grounds.boot) return refused('WRONG_BOOT', 'made for another boot of this device')
  const time: JudgingTime = { ...grounds.time, unset: grounds.clock === 'unset' }
  if (signers.kind === 'kids') {
    const refusal = judgeSigners(signers.kids, grounds.keys, demandsOf(command, grounds.deviceArea), time)
    if (refusal) return refusal
  }
  if (grounds.seen(command.id)) return refused('REPLAYED', `${command.id} was seen in this boot`)
  return judgeTime(command, grounds)
}
