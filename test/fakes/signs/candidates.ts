import { GENERICS } from './generic.ts'
import type { Candidate } from './sign-panel.ts'
import { STRIPS } from './strips.ts'

/** Every driver behind a serial line: a new one is one more entry. */
export const CANDIDATES: readonly Candidate[] = [...STRIPS, ...GENERICS]
