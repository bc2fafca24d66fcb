import type { FaultCode } from '../../core/codes.ts'
import { isCode } from '../../core/codes.ts'
import { isoUtc } from '../../core/time.ts'
import type { KeptUpdate, UpdateReport } from '../../core/update/progress.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Facts } from '../../ports/state-store.ts'
import type { Condition } from '../condition.ts'
import type { UpdateMemory, UpdateSource } from './memory.ts'

export type AccountParts = {
  readonly clock: Clock
  readonly logger: Logger
  readonly memory: UpdateMemory
  readonly facts: Facts
  readonly event: Condition['event']
}

type Ordered = { readonly by: UpdateSource; readonly id: string }
type Ended = Extract<KeptUpdate['state'], 'refused' | 'done' | 'back' | 'failed' | 'cancelled'>

const SEVERITY = {
  refused: 'warning',
  done: 'info',
  back: 'alarm',
  failed: 'warning',
  cancelled: 'info',
} as const
const TOLD_FACT = 'update.told'

/** Says how it stands with updates, remembers it, and makes events of what ended. */
export class UpdateAccount {
  readonly #parts: AccountParts
  #live: UpdateReport | undefined

  constructor(parts: AccountParts) {
    this.#parts = parts
  }

  get report(): UpdateReport {
    return this.#live ?? this.#parts.memory.report
  }

  /** Nothing is under way. */
  rest(): void {
    this.#live = undefined
  }

  /** What is remembered of this very order. */
  kept({ by, id }: Ordered): KeptUpdate | undefined {
    const kept = this.#parts.memory.get(by)
    return kept?.id === id ? kept : undefined
  }

  /** The flash is spared: only what is another state is written. */
  keep({ by, id }: Ordered, kept: Omit<KeptUpdate, 'id' | 'at'>): void {
    const before = this.kept({ by, id })
    if (before?.state === kept.state && before.code === kept.code) return
    this.#parts.memory.set(by, { ...kept, id, at: isoUtc(this.#parts.clock.wall()) })
  }

  show(order: Ordered | undefined, live: Omit<UpdateReport, 'id' | 'by'>): void {
    this.#live = order === undefined ? live : { id: order.id, by: order.by, ...live }
  }

  end(order: Ordered, state: Ended, more: Pick<KeptUpdate, 'version' | 'code' | 'message'>): void {
    this.keep(order, { state, ...more })
    this.#live = undefined
    if (state !== 'cancelled') this.tell(state, { ...more, id: order.id })
  }

  tell(state: Ended, data: { readonly [name: string]: unknown }): void {
    const { event, logger } = this.#parts
    logger[state === 'done' ? 'info' : 'warn']({ state, ...data }, 'an update ended')
    event('UPDATE', SEVERITY[state], { state, ...data })
  }

  /** False for what was asked last before, across restarts. */
  isNews(text: string): boolean {
    const { facts } = this.#parts
    if (facts.get(TOLD_FACT) === text) return false
    facts.set(TOLD_FACT, text)
    return true
  }
}

export const idOf = (order: { readonly id: string } | undefined): { readonly id?: string } =>
  order === undefined ? {} : { id: order.id }

/** Code and message as they go upstream; codes of this machine alone stay here. */
export const told = ({
  code,
  message,
}: {
  readonly code?: FaultCode
  readonly message?: string
}): Pick<KeptUpdate, 'code' | 'message'> => ({
  ...(code === undefined || !isCode(code) ? {} : { code }),
  ...(message === undefined ? {} : { message }),
})
