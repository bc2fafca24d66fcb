import type { MqttClient } from 'mqtt'
import type { JobMessage } from '../../agent/core/upstream.ts'
import { firstOn } from './command.ts'
import { type DeviceAddress, deviceTopic } from './topics.ts'
import type { Io } from './verb.ts'

const line = ({ state, version, progress, waits, code, message }: JobMessage): string =>
  [
    state,
    version,
    progress === undefined ? undefined : `${progress} %`,
    waits === undefined
      ? undefined
      : ['waits for', waits.for, waits.item, waits.until].filter(Boolean).join(' '),
    code,
    message,
  ]
    .filter((each) => each !== undefined)
    .join('  ')

export type WatchedJob = {
  readonly client: MqttClient
  readonly topicRoot: string
  readonly address: DeviceAddress
  readonly id: string
  readonly io: Io
  /** @throws LATE after so long */
  readonly ms: number
}

/** Prints how it stands with a job until `isEnough`. */
export const watchJob = (
  { client, topicRoot, address, id, io, ms }: WatchedJob,
  isEnough: (message: JobMessage) => boolean,
): Promise<JobMessage> => {
  const take = (payload: Buffer): JobMessage | undefined => {
    if (payload.length === 0) return undefined
    const told: JobMessage = JSON.parse(payload.toString('utf8'))
    if (told.id !== id) return undefined
    io.out(io.json ? JSON.stringify(told) : line(told))
    return isEnough(told) ? told : undefined
  }
  const message = `job ${id} is not over after ${ms / 1000} s; the device goes on with it by itself`
  return firstOn(client, deviceTopic(topicRoot, address, 'up/job'), take, { ms, message })
}
