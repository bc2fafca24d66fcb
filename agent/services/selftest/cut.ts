import type { SelftestCut } from '../../core/selftest/report.ts'

/** Ends a run: something that goes before it has come, or it cannot go on. */
export class Cut extends Error {
  readonly why: SelftestCut

  constructor(why: SelftestCut) {
    super(`the self-test was cut: ${why.code}`)
    this.why = why
  }
}
