import { openTpm2Signboard } from '../../../drivers/signboard/tpm2/tpm2-signboard.ts'
import { CANDIDATES } from '../../fakes/signs/candidates.ts'
import { SignPanel } from '../../fakes/signs/sign-panel.ts'
import { until } from '../../fakes/until.ts'
import { median, quantile } from './statistics.ts'

const GOAL_MS = 10_000
const BAUD = 115_200

/** From the last answer of a sign to its fault, with the times that ship. */
export const silenceFound = async (trials: number): Promise<readonly string[]> => {
  const candidate = CANDIDATES.find(({ name }) => name === 'tpm2 whose receiver answers pings')
  if (candidate === undefined) throw new Error('there is no sign that answers pings')
  const found: number[] = []
  for (let i = 0; i < trials; i += 1) {
    await using panel = await SignPanel.plugged(candidate)
    await using sign = await openTpm2Signboard({
      ...candidate.size,
      id: 'gate',
      driver: 'tpm2',
      answers: true,
      port: panel.port.path,
      baud: BAUD,
      color: 'rgb',
      layout: 'rows',
    })
    const { width, height } = candidate.size
    sign.show({ width, height, rgb: new Uint8Array(width * height * 3).fill(9) }, 'a')
    await until('it works', () => sign.health.ok && sign.proof === 'sent')
    panel.mood = 'silent'
    const begun = performance.now()
    await until('the fault', () => !sign.health.ok, 2 * GOAL_MS)
    found.push(performance.now() - begun)
  }
  const most = quantile(found, 1)
  return [
    'a sign that stops answering is a fault',
    `${trials} signs`,
    `${(median(found) / 1000).toFixed(1)} s`,
    `largest ${(most / 1000).toFixed(1)} s`,
    `${GOAL_MS / 1000} s: ${most <= GOAL_MS ? 'met' : 'NOT met'}`,
  ]
}
