import { chmod, chown, readFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { LoaError, messageOf } from '../../core/error.ts'
import type { ControlHandlers } from '../../ports/control.ts'
import type { Logger } from '../../ports/logger.ts'
import { serveConnection } from './serve-connection.ts'
import { clearStaleSocket } from './stale-socket.ts'

export type ControlServerOptions = {
  /** Of the socket; its directory must exist. */
  readonly path: string
  readonly handlers: ControlHandlers
  readonly logger: Logger
  /** Largest file `play` may send. */
  readonly maxBodyBytes: number
  /** Group that may use the socket, where the machine has it. */
  readonly group?: string
  /** How long a client may read nothing. */
  readonly slowClientMs?: number
}

const MAX_CONNECTIONS = 16
const SOCKET_MODE = 0o660

const groupId = async (name: string): Promise<number | undefined> => {
  const lines = (await readFile('/etc/group', 'utf8')).split('\n')
  const found = lines.find((line) => line.startsWith(`${name}:`))?.split(':')[2]
  return found === undefined ? undefined : Number(found)
}

const giveToGroup = async (path: string, group: string, logger: Logger): Promise<void> => {
  try {
    const gid = await groupId(group)
    if (gid !== undefined) await chown(path, process.geteuid?.() ?? -1, gid)
  } catch (error) {
    logger.warn({ path, group, reason: messageOf(error) }, 'the control socket keeps its own group')
  }
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new LoaError('IO', `the control socket ${path} cannot be opened: ${messageOf(cause)}`, { cause }),
      )
    })
    server.listen(path, resolve)
  })

/**
 * Answers the verbs of `handlers` on a Unix socket (mode 0660) until disposed. No client, however slow, holds the agent up:
 * each has its own connection, a cap on what it may send, and is dropped when it reads nothing for `slowClientMs`.
 * @throws IO when another agent answers on the path, or it cannot be opened
 */
export const openControlServer = async (options: ControlServerOptions): Promise<AsyncDisposable> => {
  const { path, logger } = options
  await clearStaleSocket(path)
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    serveConnection(socket, { ...options, slowClientMs: options.slowClientMs ?? 10_000 }).catch(
      (error: unknown) => {
        logger.debug({ reason: messageOf(error) }, 'a control connection was dropped')
        socket.destroy()
      },
    )
  })
  server.maxConnections = MAX_CONNECTIONS
  await listen(server, path)
  server.on('error', (error) => logger.warn({ reason: error.message }, 'the control socket had a fault'))
  await chmod(path, SOCKET_MODE)
  await giveToGroup(path, options.group ?? 'loa', logger)
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
