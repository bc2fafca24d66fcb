import { open } from 'node:fs/promises'
import { setInterval as every } from 'node:timers/promises'
import { createWaiters } from '../source-system/waiters.ts'

/** A change that the virtual relay or the virtual sign wrote down. */
export type TraceEvent =
  | { readonly kind: 'relay'; readonly at: string; readonly id: string; readonly on: boolean }
  | {
      readonly kind: 'sign'
      readonly at: string
      readonly id: string
      readonly png: string
      readonly text: string
    }

export type Trace = AsyncDisposable & {
  readonly events: readonly TraceEvent[]
  /** Resolves with the first value that `look` finds, asked now and after each change; rejects after the deadline. */
  readonly until: <T>(look: (events: readonly TraceEvent[]) => T | undefined, timeoutMs: number) => Promise<T>
  /** Resolves when everything written so far is in `events`. */
  readonly settle: () => Promise<void>
}

const LOOK_MS = 50

const parsed = (line: string): Record<string, unknown> => {
  try {
    return { ...JSON.parse(line) }
  } catch {
    // The last line of a process that was killed may be cut short.
    return {}
  }
}

const eventOf = (line: string): TraceEvent | undefined => {
  const { at, id, on, png, text } = parsed(line)
  if (typeof at !== 'string' || typeof id !== 'string') return undefined
  if (typeof on === 'boolean') return { kind: 'relay', at, id, on }
  if (typeof png === 'string' && typeof text === 'string') return { kind: 'sign', at, id, png, text }
  return undefined
}

/** What was added to the file since `offset`; nothing while there is no file. */
const readFrom = async (path: string, offset: number): Promise<Buffer> => {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  await using opened = file
  const { size } = await opened.stat()
  const added = Buffer.alloc(Math.max(0, size - offset))
  await opened.read(added, 0, added.length, offset)
  return added
}

/** Follows the trace file of the virtual drivers; `onEvent` hears each change once. */
export const followTrace = (path: string, onEvent: (event: TraceEvent) => void): Trace => {
  const events: TraceEvent[] = []
  const waiters = createWaiters<readonly TraceEvent[]>(events)
  const stop = new AbortController()
  let offset = 0

  const look = async (): Promise<void> => {
    const added = await readFrom(path, offset)
    // A line is complete when its newline is there; the rest is read again.
    const whole = added.subarray(0, added.lastIndexOf(0x0a) + 1)
    offset += whole.length
    for (const line of whole.toString('utf8').split('\n').filter(Boolean)) {
      const event = eventOf(line)
      if (event === undefined) continue
      events.push(event)
      onEvent(event)
    }
    waiters.check()
  }
  let looking = Promise.resolve()
  const lookInTurn = (): Promise<void> => {
    looking = looking.then(look)
    return looking
  }
  const following = (async () => {
    try {
      for await (const _ of every(LOOK_MS, undefined, { signal: stop.signal })) await lookInTurn()
    } catch (error) {
      if (!stop.signal.aborted) throw error
    }
    await lookInTurn()
  })()
  // Who waits must not wait for a file that cannot be read; what was wrong comes out when the trace is closed.
  following.catch(() => waiters.end())
  return {
    events,
    until: waiters.until,
    settle: lookInTurn,
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await following
      waiters.end()
    },
  }
}
