import { connect, createServer, type Socket } from 'node:net'

/** A line to a port of this machine that a test can cut without the far end having a hand in it. */
export type CuttableLine = AsyncDisposable & {
  readonly url: string
  /** Connections made over it so far. */
  readonly made: () => number
  /** Ends every connection; new ones are taken. */
  readonly cut: () => void
}

export async function openLine(port: number): Promise<CuttableLine> {
  const ends = new Set<Socket>()
  let made = 0
  const server = createServer((near) => {
    made += 1
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from)
      from.on('error', () => undefined)
      from.on('close', () => {
        ends.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const cut = (): void => {
    for (const end of ends) end.destroy()
  }
  return {
    url: `mqtt://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    made: () => made,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
