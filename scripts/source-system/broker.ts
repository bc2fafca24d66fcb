import { createServer, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { LoaError, messageOf } from '../../agent/core/error.ts'

/** A broker in this process that speaks MQTT 3.1.1 and asks nobody for a password. For the demo, never for the road. */
export type Broker = AsyncDisposable & { readonly url: string; readonly port: number }

export type BrokerListenOptions = {
  /** A free one when absent. */
  readonly port?: number
  /** 127.0.0.1 by default. */
  readonly host?: string
}

/** @throws LoaError BROKER when the port is taken. */
export const openBroker = async (options: BrokerListenOptions = {}): Promise<Broker> => {
  const host = options.host ?? '127.0.0.1'
  const aedes = await Aedes.createBroker()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
    aedes.handle(socket)
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new LoaError(
          'BROKER',
          `cannot listen on ${host}:${options.port} (${messageOf(cause)}); take another port`,
          {
            cause,
          },
        ),
      ),
    )
    server.listen(options.port ?? 0, host, () => {
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : 0)
    })
  })
  return {
    url: `mqtt://${host}:${port}`,
    port,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
