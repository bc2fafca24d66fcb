import type { Code } from '../codes.ts'
import type { HeartbeatMessage } from '../upstream.ts'

/** Problems with which the device cannot do its main job; a technician has to come. */
const FAULTS: ReadonlySet<Code> = new Set<Code>([
  'AUDIO_DEVICE',
  'AMPLIFIER',
  'AMPLIFIER_STUCK',
  'DATABASE',
  'DECODER',
  'DISK_FULL',
])

/** `fault` when the main job cannot be done, `degraded` with any lesser problem. */
export const healthLevel = (problems: readonly Code[]): HeartbeatMessage['health'] => {
  if (problems.some((problem) => FAULTS.has(problem))) return 'fault'
  return problems.length > 0 ? 'degraded' : 'ok'
}

/** Each problem once, faults before the rest: the order in which a heartbeat keeps them. */
export const gravestFirst = (problems: readonly Code[]): readonly Code[] => {
  const distinct = [...new Set(problems)]
  return [...distinct.filter((code) => FAULTS.has(code)), ...distinct.filter((code) => !FAULTS.has(code))]
}
