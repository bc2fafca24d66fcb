import { connect, type Socket } from 'node:net'
import { eventually } from '../../../test/rig/eventually.ts'

const LIMIT_MS = 60_000

const tried = (path: string): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })

/** Connects to a socket at which qemu listens as soon as it runs. */
export const connectTo = async (path: string): Promise<Socket> => {
  const socket = await eventually(`somebody listens at ${path}`, () => tried(path), LIMIT_MS)
  // The board goes off whenever somebody likes.
  socket.on('error', () => undefined)
  return socket
}
