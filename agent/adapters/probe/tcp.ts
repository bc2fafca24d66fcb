import { connect } from 'node:net'

/** Whether somebody takes a plain TCP connection there, by whatever address the name has. Never rejects. */
export const tcpAnswers = (
  { host, port }: { readonly host: string; readonly port: number },
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> =>
  new Promise((resolve) => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
    const socket = connect({ host, port, signal: within })
    const settle = (answers: boolean): void => {
      resolve(answers)
      socket.destroy()
    }
    socket.once('connect', () => settle(true))
    socket.on('error', () => settle(false))
  })
