import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { delimiter, join } from 'node:path'
import { eventually } from '../../rig/eventually.ts'

/** Whether a program is on the path. */
export const isInstalled = (program: string): boolean =>
  // biome-ignore lint/style/noProcessEnv: the path is where programs are looked for
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

type Env = Readonly<Record<string, string | undefined>>

/** A program that ends with us, and with it what it started. Its output is thrown away. */
export const spawnPeer = (
  program: string,
  args: readonly string[],
  env: Env,
  stdin: 'pipe' | number = 'pipe',
): ChildProcess => {
  const child = spawn(program, args, { env, stdio: [stdin, 'ignore', 'ignore'], detached: true })
  const endWithUs = (): void => endGroup(child)
  process.once('exit', endWithUs)
  child.once('exit', () => process.removeListener('exit', endWithUs))
  // A pipe to a program that ended: what it should have played is missing in the table.
  child.stdin?.on('error', () => undefined)
  return child
}

/** Of the group that its own `detached` made. */
const endGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // All of it has ended.
  }
}

export const endPeer = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  endGroup(child)
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

/** The small resident script between broker and player: each message of the topic has it say `line`, to `to` of a shell. */
export const spawnRelay = (
  { port, topic, env }: { readonly port: number; readonly topic: string; readonly env: Env },
  line: string,
  to: string,
): ChildProcess =>
  spawnPeer(
    'bash',
    ['-c', `mosquitto_sub -h 127.0.0.1 -p ${port} -q 1 -t "$1" -F "$2" ${to}`, 'relay', topic, line],
    env,
  )
