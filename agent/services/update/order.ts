import type { JobDocument } from '../../core/documents.ts'
import { LoaError } from '../../core/error.ts'
import type { EpochMs } from '../../core/time.ts'
import { isOver } from '../../core/update/progress.ts'
import type { Release } from '../../core/update/release.ts'
import type { UpdateDesk } from '../../ports/update-desk.ts'
import type { UpdateMemory, UpdateSource } from './memory.ts'

/** An update that somebody wants and that is not over. */
export type UpdateOrder = {
  readonly id: string
  readonly by: UpdateSource
  /** Compact JWS. */
  readonly release: Uint8Array
  /** Wall time before which nothing of it begins. */
  readonly notBefore?: EpochMs
}

/** What is to be done: one order at a time, and one given on the spot before that of the province. */
export const orderIn = (
  memory: UpdateMemory,
  desk: Pick<UpdateDesk, 'release'>,
  job: JobDocument | undefined,
): UpdateOrder | undefined => {
  const local = memory.get('local')
  if (local !== undefined && !isOver(local))
    return { id: local.id, by: 'local', release: desk.release() ?? new Uint8Array() }
  const order = job?.job
  if (order?.op !== 'update' || memory.isOver('job', order.id)) return undefined
  const release = new TextEncoder().encode(order.release)
  return {
    id: order.id,
    by: 'job',
    release,
    ...(order.notBefore === undefined ? {} : { notBefore: Date.parse(order.notBefore) as EpochMs }),
  }
}

/** A release, or why its JWS is none of ours. */
export const readRelease = (
  open: (release: Uint8Array) => Release,
  bytes: Uint8Array,
): Release | LoaError => {
  try {
    return open(bytes)
  } catch (error) {
    if (error instanceof LoaError) return error
    throw error
  }
}
