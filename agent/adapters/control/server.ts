import { chmod, chown, readFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import type { ControlAccess } from '../../core/control.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { ControlHandlers } from '../../ports/control.ts'
import type { Logger } from '../../ports/logger.ts'
import { serveConnection } from './serve-connection.ts'
import { socketFor } from './sockets.ts'
import { clearStaleSocket } from './stale-socket.ts'

export type ControlServerOptions = {
  /** Of `control.sock`; its directory must exist. The socket for acting is made beside it. */
  readonly path: string
  readonly handlers: ControlHandlers
  readonly logger: Logger
  /** Largest file `play` may send. */
  readonly maxBodyBytes: number
  /** Who may use the two sockets, where the machine has these groups. */
  readonly groups?: Readonly<Record<ControlAccess, string>>
  /** How long a client may read nothing. */
  readonly slowClientMs?: number
}

const MAX_CONNECTIONS = 16
const GROUPS = { look: 'loa', act: 'loa-admin' } as const
const OPEN_TO_GROUP = 0o660
const OPEN_TO_OWNER = 0o600

const groupId = async (name: string): Promise<number | undefined> => {
  const lines = (await readFile('/etc/group', 'utf8')).split('\n')
  const found = lines.find((line) => line.startsWith(`${name}:`))?.split(':')[2]
  return found === undefined ? undefined : Number(found)
}

/** Whether the socket now belongs to that group. */
const giveToGroup = async (path: string, group: string, logger: Logger): Promise<boolean> => {
  try {
    const gid = await groupId(group)
    if (gid === undefined) return false
    await chown(path, process.geteuid?.() ?? -1, gid)
    return true
  } catch (error) {
    logger.warn({ path, group, reason: messageOf(error) }, 'the control socket keeps its own group')
    return false
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

/** One of the two sockets: who may open it is decided by the kernel, from its group and mode. */
const openDoor = async (options: ControlServerOptions, access: ControlAccess): Promise<AsyncDisposable> => {
  const { logger, groups = GROUPS } = options
  const path = socketFor(access, options.path)
  await clearStaleSocket(path)
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    serveConnection(socket, { ...options, access, slowClientMs: options.slowClientMs ?? 10_000 }).catch(
      (error: unknown) => {
        logger.debug({ reason: messageOf(error) }, 'a control connection was dropped')
        socket.destroy()
      },
    )
  })
  server.maxConnections = MAX_CONNECTIONS
  await listen(server, path)
  server.on('error', (error) => logger.warn({ reason: error.message }, 'the control socket had a fault'))
  // Where nobody was made an administrator (a checkout), only the agent's own user may act.
  await chmod(path, access === 'look' ? OPEN_TO_GROUP : OPEN_TO_OWNER)
  if (await giveToGroup(path, groups[access], logger)) await chmod(path, OPEN_TO_GROUP)
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

/**
 * Answers the verbs of `handlers` on two Unix sockets until disposed: those that look on `path`, all of them on the one
 * for acting beside it. No client, however slow, holds the agent up: each has its own connection, a cap on what it may
 * send, and is dropped when it reads nothing for `slowClientMs`.
 * @throws IO when another agent answers on the path, or it cannot be opened
 */
export const openControlServer = async (options: ControlServerOptions): Promise<AsyncDisposable> => {
  await using doors = new AsyncDisposableStack()
  doors.use(await openDoor(options, 'look'))
  doors.use(await openDoor(options, 'act'))
  return doors.move()
}
