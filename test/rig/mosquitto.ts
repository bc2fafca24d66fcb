import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A real broker for one test, on 127.0.0.1 only. */
export type Mosquitto = AsyncDisposable & {
  /** `mqtt://127.0.0.1:PORT`. */
  readonly url: string
  readonly port: number
  /** What it logged so far, all starts together. */
  readonly log: () => string
  /** Sends the signal; for signals that end it (SIGKILL by default, SIGTERM, SIGINT) resolves when it is gone. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>
  /** Starts it again on the same port with the same configuration; resolves when it accepts connections. */
  readonly restart: () => Promise<void>
  /** Ends it and removes its folder. May be called twice. */
  readonly dispose: () => Promise<void>
}

export type MosquittoOptions = {
  /** A free one when absent. */
  readonly port?: number
  /** Lines after the listener: ACLs, certificates, `persistence true`. `%DIR%` stands for the broker's own folder. */
  readonly config?: string
  /** A whole configuration for the port instead; it must log to stderr. */
  readonly configFile?: (port: number) => Promise<string>
}

type Run = { readonly child: ChildProcess; readonly gone: Promise<void> }

/** Debian puts it into a folder that is not on the path of an ordinary user. */
const PROGRAM = existsSync('/usr/sbin/mosquitto') ? '/usr/sbin/mosquitto' : 'mosquitto'
const START_LIMIT_MS = 10_000
const ENDING: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT']

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port was given')),
      )
    })
  })

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** Waits for this child's own word that it runs: another process may be the one that answers on the port. */
const untilReady = async (run: Run, port: number, logSinceStart: () => string): Promise<void> => {
  const deadline = performance.now() + START_LIMIT_MS
  while (performance.now() < deadline) {
    if (isGone(run.child)) throw new Error(`mosquitto ended at its start:\n${logSinceStart()}`)
    if (/mosquitto version \S+ running/.test(logSinceStart()) && (await accepts(port))) return
    await sleep(10)
  }
  run.child.kill('SIGKILL')
  throw new Error(`mosquitto was not ready in ${START_LIMIT_MS} ms:\n${logSinceStart()}`)
}

const spawnBroker = (configFile: string, onLog: (text: string) => void): Run => {
  const child = spawn(PROGRAM, ['-c', configFile], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout?.on('data', (chunk) => onLog(String(chunk)))
  child.stderr?.on('data', (chunk) => onLog(String(chunk)))
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      onLog(`${error.message}\napt-get install mosquitto\n`)
      resolve()
    })
    child.once('exit', () => resolve())
  })
  return { child, gone: gone.finally(() => process.removeListener('exit', endWithUs)) }
}

/** Starts Debian's mosquitto as a child with its own configuration; resolves when it accepts connections. */
export const startMosquitto = async (options: MosquittoOptions = {}): Promise<Mosquitto> => {
  const port = options.port ?? (await freePort())
  const directory = await mkdtemp(join(tmpdir(), 'loa-mosquitto-'))
  const configFile = (await options.configFile?.(port)) ?? join(directory, 'mosquitto.conf')
  const lines = [
    // Started by root it would become another user and could not read the files of the test.
    `user ${userInfo().username}`,
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'set_tcp_nodelay true',
    'log_dest stderr',
    'log_type all',
    (options.config ?? '').replaceAll('%DIR%', directory),
    '',
  ]
  if (options.configFile === undefined) await writeFile(configFile, lines.join('\n'))

  let log = ''
  const launch = async (): Promise<Run> => {
    const before = log.length
    const run = spawnBroker(configFile, (text) => {
      log += text
    })
    await untilReady(run, port, () => log.slice(before))
    return run
  }
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    if (isGone(run.child)) return
    run.child.kill(signal)
    if (ENDING.includes(signal)) await run.gone
  }
  const dispose = async (): Promise<void> => {
    await kill('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  }

  let run = await launch().catch(async (error: unknown) => {
    await rm(directory, { recursive: true, force: true })
    throw error
  })
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    log: () => log,
    kill,
    restart: async () => {
      await kill('SIGKILL')
      run = await launch()
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  }
}
