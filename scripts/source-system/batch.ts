import { LoaError } from '../../agent/core/error.ts'
import type { ChainedRecord } from './chain.ts'

export type BatchTopic = 'playback' | 'event'

/** What a device sends on `up/playback` and `up/event`. */
export type Batch = {
  readonly topic: BatchTopic
  readonly device: string
  readonly epoch: string
  readonly records: readonly ChainedRecord[]
}

const MAX_BATCH_BYTES = 64 * 1024
const MAX_RECORDS = 64
/** What nests deeper than any record would exhaust the stack of those that walk it. */
const MAX_DEPTH = 16

const refuse = (path: string, expected: string): never => {
  throw new LoaError('INVALID', `${path === '' ? 'the batch' : path} must be ${expected}`, { path })
}

const asObject = (value: unknown, path: string): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...value }
    : refuse(path, 'an object')

const asHash = (value: unknown, path: string): string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : refuse(path, '64 hex digits')

const asRecord = (value: unknown, path: string): ChainedRecord => {
  const record = asObject(value, path)
  const n = record['n']
  if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 1) {
    return refuse(`${path}.n`, 'an integer from 1')
  }
  return {
    ...record,
    n,
    prev: asHash(record['prev'], `${path}.prev`),
    hash: asHash(record['hash'], `${path}.hash`),
  }
}

const deeperThan = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => deeperThan(member, levels - 1)))

/** @throws LoaError TOO_LARGE, INVALID, or WRONG_DEVICE when the body names another device than its topic. */
export const parseBatch = (topic: BatchTopic, device: string, payload: Uint8Array): Batch => {
  if (payload.length > MAX_BATCH_BYTES) throw new LoaError('TOO_LARGE', `a batch of ${payload.length} bytes`)
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(payload).toString('utf8'))
  } catch (cause) {
    throw new LoaError('INVALID', 'the batch is no JSON', { cause })
  }
  if (deeperThan(parsed, MAX_DEPTH)) return refuse('', `nested at most ${MAX_DEPTH} deep`)
  const body = asObject(parsed, '')
  const { v, epoch, records } = body
  if (v !== 1) refuse('v', '1')
  if (body['device'] !== device)
    throw new LoaError('WRONG_DEVICE', `a batch of ${device} names another device`)
  if (typeof epoch !== 'string' || !/^[0-9a-f]{32}$/.test(epoch)) return refuse('epoch', '32 hex digits')
  if (!Array.isArray(records) || records.length > MAX_RECORDS) {
    return refuse('records', `an array of at most ${MAX_RECORDS}`)
  }
  return { topic, device, epoch, records: records.map((each, i) => asRecord(each, `records.${i}`)) }
}
