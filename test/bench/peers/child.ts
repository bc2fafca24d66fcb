import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { delimiter, join } from 'node:path'
import { eventually } from '../../rig/eventually.ts'

/** Whether a program is on the path. */
export const isInstalled = (program: string): boolean =>
  // biome-ignore lint/style/noProcessEnv: the path is where programs are looked for
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

/** A program that ends with us. Its output is thrown away. */
export const spawnPeer = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChildProcess => {
  const child = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'ignore'] })
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  child.once('exit', () => process.removeListener('exit', endWithUs))
  // A pipe to a program that ended: what it should have played is missing in the table.
  child.stdin?.on('error', () => undefined)
  return child
}

export const endPeer = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

/** A connection to the control socket of a program that is starting; what it says is thrown away. */
export const connectPeer = (path: string): Promise<Socket> =>
  eventually(`${path} accepts`, () => {
    const socket = connect(path)
    socket.setNoDelay(true)
    socket.resume()
    return new Promise<Socket | undefined>((resolve) => {
      socket.once('connect', () => resolve(socket))
      socket.on('error', () => resolve(undefined))
    })
  })
