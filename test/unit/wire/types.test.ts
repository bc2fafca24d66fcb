import { expectTypeOf, it } from 'vitest'
import type { AgentConfig, BoardConfig } from '../../../agent/core/configuration.ts'
import type {
  AlertDocument,
  Command,
  DesiredDocument,
  FreshDocument,
  ScheduleDocument,
  TrustDocument,
} from '../../../agent/core/documents.ts'
import type { alert } from '../../../agent/wire/alert.ts'
import type { boardSchema } from '../../../agent/wire/board.ts'
import type { command } from '../../../agent/wire/command.ts'
import type { configurationSchema } from '../../../agent/wire/configuration.ts'
import type { desired } from '../../../agent/wire/desired.ts'
import type { schedule } from '../../../agent/wire/schedule.ts'
import type { fresh, trust } from '../../../agent/wire/trust.ts'

type OutputOf<S extends { readonly '~types'?: { readonly output: unknown } | undefined }> = NonNullable<
  S['~types']
>['output']
/** The same type with everything writable, because valibot's outputs are. */
type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T

/** True when either accepts the values of the other. */
type Mutual<Core, Wire> = [Wire] extends [Core]
  ? [Writable<Core>] extends [Wire]
    ? true
    : 'the core knows more'
  : 'the wire lets more through'

it('every schema yields exactly the type of the core', () => {
  expectTypeOf<Mutual<ScheduleDocument, OutputOf<typeof schedule>>>().toEqualTypeOf<true>()
  expectTypeOf<Mutual<AlertDocument, OutputOf<typeof alert>>>().toEqualTypeOf<true>()
  expectTypeOf<Mutual<TrustDocument, OutputOf<typeof trust>>>().toEqualTypeOf<true>()
  expectTypeOf<Mutual<FreshDocument, OutputOf<typeof fresh>>>().toEqualTypeOf<true>()
  expectTypeOf<Mutual<DesiredDocument, OutputOf<typeof desired>>>().toEqualTypeOf<true>()
  expectTypeOf<Mutual<Command, OutputOf<typeof command>>>().toEqualTypeOf<true>()
  // What is written of amplifiers is completed when a board is read.
  type Board = Omit<OutputOf<typeof boardSchema>, 'amplifiers'>
  expectTypeOf<Mutual<Omit<BoardConfig, 'amplifiers'>, Board>>().toEqualTypeOf<true>()
  // Lists with a first entry are longer tuples in the core; the schema has the minimum length.
  type Wire = Omit<OutputOf<typeof configurationSchema>, 'mqtt' | 'device'>
  expectTypeOf<Mutual<Omit<AgentConfig, 'mqtt' | 'device'>, Wire>>().toEqualTypeOf<true>()
})
