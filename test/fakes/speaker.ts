import { fake } from 'sinon'
import type { Speaker } from 'speaker'

type Done = (failure?: Error | null) => void

/** A stub in the shape of the package: a write is under way until `take` or `refuse`. `given`: bytes of each write. */
export const stubSpeaker = () => {
  const waiting: { readonly bytes: Uint8Array; readonly done: Done }[] = []
  const given: number[] = []
  const heard: number[] = []
  let failed: ((failure: Error) => void) | undefined
  const answer = (failure?: Error): void => {
    const write = waiting.shift()
    if (write === undefined) throw new Error('no write is under way')
    if (failure !== undefined) failed?.(failure)
    else heard.push(...new Int16Array(write.bytes.slice().buffer))
    write.done(failure)
  }
  const close = fake((_flush: boolean) => {
    if (waiting.length > 0) throw new Error('closed under a write: the real one ends the process')
  })
  const speaker: Speaker = {
    write: (bytes, done) => {
      given.push(bytes.length)
      waiting.push({ bytes, done })
    },
    close,
    on: (_event, listener) => {
      failed = listener
    },
  }
  return { speaker, close, given, heard, take: () => answer(), refuse: (failure: Error) => answer(failure) }
}
