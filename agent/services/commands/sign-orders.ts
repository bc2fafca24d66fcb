import type { Command } from '../../core/documents.ts'
import { LoaError } from '../../core/error.ts'
import { orderedItem } from '../../core/schedule/item.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SignControl } from '../sign-control.ts'
import type { SignItems } from '../sign-items.ts'
import { type Answer, done, type OrdersOf } from './order.ts'

export type SignOrdersOptions = {
  readonly clock: Clock
  readonly signs: Pick<SignControl, 'signsOf' | 'health'>
  readonly signItems: Pick<SignItems, 'begin' | 'clear'>
  readonly area: string
  readonly language: () => string
}

type Sign = Extract<Command, { readonly op: 'sign' }>

/** Orders that concern the signs. Pages by order are a notice like an item that has only pages, with its record. */
export const createSignOrders = (options: SignOrdersOptions): OrdersOf<'sign' | 'sign-clear'> => ({
  sign: (command) => show(command, options),
  'sign-clear': () => done({ cleared: options.signItems.clear(options.clock.wall()) }),
})

function show({ id, args }: Sign, { clock, signs, signItems, area, language }: SignOrdersOptions): Answer {
  const { pages, seconds = pages.reduce((sum, page) => sum + page.seconds, 0), signs: named } = args
  const sign = named === undefined ? { pages } : { pages, signs: named }
  const meant = signs.signsOf(sign)
  if (meant.length === 0) throw new LoaError('SIGN', 'this board has none of these signs')
  const now = clock.wall()
  const item = orderedItem(id, now, { area, language: language(), sign })
  signItems.begin({ item, planned: now }, seconds, now)
  const health = signs.health()
  const data = { seconds, signs: Object.fromEntries(meant.map((each) => [each, health[each] ?? 'fault'])) }
  return meant.some((each) => health[each] === 'ok') ? done(data) : { status: 'failed', code: 'SIGN', data }
}
