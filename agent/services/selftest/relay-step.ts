import { isCode } from '../../core/codes.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { SelftestStep } from '../../core/selftest/report.ts'
import { comesTrue } from '../comes-true.ts'
import type { SelftestParts, TestedAmplifier } from './parts.ts'

const CLOSED_SECONDS = 3
/** Beyond the time a contact may take. */
const CONTACT_MARGIN_MS = 100

/** An order that finds the relay resting (`minOffMs`) is given once more. */
async function switched(
  { clock, condition, switchAmplifier }: SelftestParts,
  { id, minOffMs }: TestedAmplifier,
  signal: AbortSignal,
): Promise<number> {
  const order = async (): Promise<number> => {
    const since = clock.mono()
    await switchAmplifier({ id, on: true, seconds: CLOSED_SECONDS }, signal)
    return clock.mono() - since
  }
  try {
    return await order()
  } catch (error) {
    const resting =
      condition.amplifiers[id] === 'off' && error instanceof LoaError && error.code === 'AMPLIFIER'
    if (!resting || minOffMs === 0) throw error
    await clock.sleep(minOffMs, signal)
    return await order()
  }
}

/** Waits for what the contact says, and throws when it disagrees. */
async function readBack(
  { clock, condition }: SelftestParts,
  { id, withinMs }: TestedAmplifier,
  signal: AbortSignal,
): Promise<void> {
  const stuck = (): boolean => condition.amplifiers[id] === 'stuck'
  if (!(await comesTrue(clock, withinMs + CONTACT_MARGIN_MS, stuck, signal))) return
  // Each code stands there once: it may be about another amplifier.
  const told = condition.problems.find(
    ({ code, detail = '' }) => code === 'AMPLIFIER_STUCK' && detail.includes(id),
  )
  throw new LoaError('AMPLIFIER_STUCK', told?.detail ?? `the contact of ${id} disagrees`)
}

/** Closes a relay for a moment, reads it back, opens it and reads it back again. It is open afterwards. */
export async function tryRelay(
  parts: SelftestParts,
  amplifier: TestedAmplifier,
  signal: AbortSignal,
): Promise<SelftestStep> {
  const { id } = amplifier
  const named = { step: 'amplifier', id } as const
  if (!amplifier.hasRelay) return { ...named, result: 'absent', facts: {} }
  const facts: Record<string, number | boolean> = { readBack: amplifier.readBack }
  try {
    facts['closedMs'] = Math.round(await switched(parts, amplifier, signal))
    await readBack(parts, amplifier, signal)
    const since = parts.clock.mono()
    if (!amplifier.feedsSigns) {
      await parts.switchAmplifier({ id, on: false }, signal)
      facts['openedMs'] = Math.round(parts.clock.mono() - since)
      await readBack(parts, amplifier, signal)
    }
    return { ...named, result: 'ok', facts }
  } catch (error) {
    if (signal.aborted || !(error instanceof LoaError)) throw error
    const code = isCode(error.code) ? error.code : 'AMPLIFIER'
    return { ...named, result: 'problem', code, message: messageOf(error), facts }
  } finally {
    parts.letGo(id)
  }
}
