import { ALPHAS } from './alpha.ts'
import { AM03127 } from './am03127.ts'
import { GENERICS } from './generic.ts'
import { HANOVER } from './hanover.ts'
import { JETFILE2 } from './jetfile2.ts'
import { ONBON } from './onbon.ts'
import type { Candidate } from './sign-panel.ts'
import { STRIPS } from './strips.ts'

/** Every driver behind a serial line: a new one is one more entry. */
export const CANDIDATES: readonly Candidate[] = [
  ...STRIPS,
  ...GENERICS,
  ...ONBON,
  ...ALPHAS,
  ...AM03127,
  ...JETFILE2,
  ...HANOVER,
]
