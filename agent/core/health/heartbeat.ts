import type { HeartbeatMessage } from '../upstream.ts'
import { utf8Length } from '../utf8-length.ts'

export const HEARTBEAT_BYTES = 600
const PROBLEMS_KEPT = 6

const lengthOf = (message: HeartbeatMessage): number => utf8Length(JSON.stringify(message))

const without = (
  message: HeartbeatMessage,
  ...members: readonly (keyof HeartbeatMessage)[]
): HeartbeatMessage =>
  Object.fromEntries(
    Object.entries(message).filter(([member]) => !members.some((dropped) => dropped === member)),
  ) as HeartbeatMessage

const onlyValue = <Value extends string>(
  members: Readonly<Record<string, Value>> | undefined,
  value: Value,
): Readonly<Record<string, Value>> | undefined => {
  const kept = Object.entries(members ?? {}).filter(([, each]) => each === value)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

const onlyFaults = (message: HeartbeatMessage): HeartbeatMessage => {
  const amps = onlyValue(message.amps, 'stuck')
  const signs = onlyValue(message.signs, 'fault')
  return { ...without(message, 'amps', 'signs'), ...(amps && { amps }), ...(signs && { signs }) }
}

const fewerProblems = (message: HeartbeatMessage): HeartbeatMessage =>
  message.problems.length <= PROBLEMS_KEPT
    ? message
    : {
        ...message,
        problems: message.problems.slice(0, PROBLEMS_KEPT),
        more: message.problems.length - PROBLEMS_KEPT,
      }

/** What goes first when a heartbeat is too long. @see contract, section 4, heartbeat */
const TRIMMING: readonly ((message: HeartbeatMessage) => HeartbeatMessage)[] = [
  (message) => without(message, 'heard'),
  (message) => without(message, 'shown'),
  (message) => without(message, 'net'),
  (message) => without(message, 'power'),
  (message) => without(message, 'next'),
  onlyFaults,
  fewerProblems,
  (message) => without(message, 'item'),
  (message) => without(message, 'safe'),
  (message) => without(message, 'signs', 'amps'),
]

/** The heartbeat in at most 600 bytes of JSON; put the gravest problems first, those beyond six may go. */
export const trimHeartbeat = (message: HeartbeatMessage): HeartbeatMessage => {
  let trimmed = message
  for (const trim of TRIMMING) {
    if (lengthOf(trimmed) <= HEARTBEAT_BYTES) return trimmed
    trimmed = trim(trimmed)
  }
  return trimmed
}

/** The first that holds of muted, alert, playing, idle. */
export const operatingState = (facts: {
  readonly muted: boolean
  readonly alert: boolean
  readonly playing: boolean
}): HeartbeatMessage['state'] => {
  if (facts.muted) return 'muted'
  if (facts.alert) return 'alert'
  return facts.playing ? 'playing' : 'idle'
}
