import { LoaError, messageOf } from '../../core/error.ts'
import type { SelftestStep } from '../../core/selftest/report.ts'
import { comesTrue } from '../comes-true.ts'
import type { SelftestParts } from './parts.ts'

const GIVEN_WITHIN_MS = 5000
/** A fault of the port shows by then. */
const LOOK_AFTER_MS = 1000

/** Shows the test pattern on one sign and says how it is known to be there. It stays for `seconds`. */
export async function showPattern(
  parts: SelftestParts,
  { id, ...size }: SelftestParts['panels'][number],
  seconds: number,
  onItem: (item: string) => void,
  signal: AbortSignal,
): Promise<SelftestStep> {
  const { clock, localSign, signs, signItems } = parts
  const named = { step: 'sign', id } as const
  try {
    const { item } = localSign.order({ what: 'test', signs: [id], seconds }, new Uint8Array())
    if (item !== undefined) onItem(item)
    await clock.sleep(LOOK_AFTER_MS, signal)
    const given = (): boolean => {
      const proof = signs.proofs()[id]
      const isOnIt = item !== undefined && signItems.shownSeconds(item) > 0
      return isOnIt && proof !== undefined && proof !== 'waiting'
    }
    const shown = await comesTrue(clock, GIVEN_WITHIN_MS, given, signal)
    const proof = signs.proofs()[id]
    if (shown && proof !== undefined) return { ...named, result: 'ok', facts: { ...size, proof } }
    const told = parts.condition.problems.find(({ detail }) => detail?.startsWith(`${id}: `))
    const message = told?.detail ?? 'it has not taken the pattern within five seconds'
    return { ...named, result: 'problem', code: 'SIGN', message, facts: size }
  } catch (error) {
    if (signal.aborted || !(error instanceof LoaError)) throw error
    return { ...named, result: 'problem', code: 'SIGN', message: messageOf(error), facts: size }
  }
}
