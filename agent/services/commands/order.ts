import type { Command, CommandOp } from '../../core/documents.ts'
import type { ReplyRest } from './replies.ts'

/** How a command ended. */
export type Answer = ReplyRest & { readonly status: 'done' | 'failed' }

/** Carries a command out; `started` says that it takes its time. What it throws as LoaError is its failure. */
type Order<C> = (command: C, started: () => void) => Answer | Promise<Answer>

/** One order for each op: nothing that the schema lets in is without effect. */
export type Orders = {
  readonly [O in CommandOp['op']]: Order<Extract<Command, { readonly op: O }>>
}
export type OrdersOf<O extends CommandOp['op']> = Pick<Orders, O>

export const done = (data?: NonNullable<ReplyRest['data']>): Answer =>
  data === undefined ? { status: 'done' } : { status: 'done', data }
