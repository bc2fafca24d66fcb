/** Lets callers wait for a condition on a subject that changes. */
export type Waiters<S> = {
  /** Resolves with the first value that is not undefined; rejects after the deadline. */
  readonly until: <T>(look: (subject: S) => T | undefined, timeoutMs: number) => Promise<T>
  /** To be called after each change. */
  readonly check: () => void
  /** Rejects all that still wait. */
  readonly end: () => void
}

type Waiter = { readonly check: () => void; readonly end: () => void }

export const createWaiters = <S>(subject: S): Waiters<S> => {
  const waiting = new Set<Waiter>()
  return {
    until: (look, timeoutMs) =>
      new Promise((resolve, reject) => {
        const give = (message: string) => () => {
          done()
          reject(new Error(message))
        }
        const timer = setTimeout(give(`waited ${timeoutMs} ms in vain`), timeoutMs)
        const done = () => {
          clearTimeout(timer)
          waiting.delete(waiter)
        }
        const check = () => {
          try {
            const found = look(subject)
            if (found === undefined) return
            done()
            resolve(found)
          } catch (error) {
            done()
            reject(error)
          }
        }
        const waiter = { check, end: give('closed while it was waited for') }
        waiting.add(waiter)
        check()
      }),
    check: () => {
      for (const waiter of [...waiting]) waiter.check()
    },
    end: () => {
      for (const waiter of [...waiting]) waiter.end()
    },
  }
}
