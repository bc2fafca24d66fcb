import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { openJail } from '../jail/jail.ts'
import { lowerPriority } from '../jail/lower-priority.ts'

/** A program that reads a text from its standard input and writes sound to its standard output. */
export type Synthesiser = {
  readonly name: string
  /** Absolute path, or a name found in /usr/bin or /bin. */
  readonly program: string
  readonly arguments: readonly string[]
  /** What to do when it cannot be started. */
  readonly remedy: string
  readonly maxBytes: number
  readonly maxMs: number
  readonly memoryMb: number
  /** What it must load beside itself and the libraries of the system. */
  readonly reads?: readonly string[]
}

const VERSION_MS = 2000
const VERSION_MEMORY_MB = 512
/** CPU time goes by as often as there are threads; the time by the wall is what ends it. */
const MOST_THREADS = 4
const MESSAGE_LENGTH = 500

/** The agent's own environment holds paths and credentials that are none of its business. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' }

/**
 * All that the program writes for the text: one child, no shell, the text on standard input, never as an argument.
 * @throws DECODER when it cannot be run, fails, takes too long or says too much
 */
export const synthesise = async (how: Synthesiser, text: string, signal: AbortSignal): Promise<Buffer> => {
  signal.throwIfAborted()
  const { command, argv } = openJail().jailed(how.program, how.arguments, {
    memoryMb: how.memoryMb,
    cpuSeconds: (how.maxMs / 1000) * MOST_THREADS,
    ...(how.reads === undefined ? {} : { reads: how.reads }),
  })
  const child = spawn(command, argv, {
    cwd: '/',
    env: ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  const late = AbortSignal.timeout(how.maxMs)
  const end = AbortSignal.any([signal, late])
  end.addEventListener('abort', kill, { once: true })
  try {
    const { bytes, fault } = await listen(how, child, text, kill)
    signal.throwIfAborted()
    if (late.aborted) throw new LoaError('DECODER', `${how.name} took over ${how.maxMs / 1000} s`)
    if (fault !== undefined) throw new LoaError('DECODER', fault)
    return bytes
  } finally {
    end.removeEventListener('abort', kill)
    kill()
  }
}

const listen = async (
  how: Synthesiser,
  child: ChildProcessWithoutNullStreams,
  text: string,
  kill: () => void,
): Promise<{ readonly bytes: Buffer; readonly fault: string | undefined }> => {
  const pieces: Buffer[] = []
  let length = 0
  let message = ''
  child.stdout.on('data', (piece: Buffer) => {
    length += piece.length
    if (length > how.maxBytes) kill()
    else pieces.push(piece)
  })
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (line: string) => {
    message = (message + line).slice(-MESSAGE_LENGTH)
  })
  // One that died closes its input: how it ended says why, not the broken pipe.
  child.stdin.on('error', () => undefined)
  child.stdin.end(text)
  lowerPriority(child.pid)
  const fault = await endOf(how, child)
  if (length > how.maxBytes) return { bytes: Buffer.alloc(0), fault: 'the text is too long to be spoken' }
  return { bytes: Buffer.concat(pieces), fault: fault && `${fault} ${message}`.trim() }
}

/** What went wrong, if anything. */
const endOf = async (
  { name, remedy }: Synthesiser,
  child: ChildProcessWithoutNullStreams,
): Promise<string | undefined> => {
  try {
    const [code, signal] = await once(child, 'close')
    return code === 0 ? undefined : `${name} ended with ${String(signal ?? code)}`
  } catch (thrown) {
    return `${name} cannot be started, ${remedy}: ${messageOf(thrown)}`
  }
}

/** Its name alone when it is not installed: what it says when it is will be new. */
export const versionOf = (name: string, program: string, reads: readonly string[] = []): string => {
  const limits = { memoryMb: VERSION_MEMORY_MB, cpuSeconds: VERSION_MS / 1000, reads }
  const { command, argv } = openJail().jailed(program, ['--version'], limits)
  const { stdout } = spawnSync(command, argv, {
    cwd: '/',
    env: ENVIRONMENT,
    encoding: 'utf8',
    timeout: VERSION_MS,
    maxBuffer: 4096,
  })
  const version = /\d+(?:\.\d+)+/.exec(stdout ?? '')?.[0]
  return version === undefined ? name : `${name} ${version}`
}
