import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { LoaError } from '../../agent/core/error.ts'
import type { DecoderProcess } from '../../agent/ports/decoder.ts'
import { type Jail, type JailLimits, openJail } from '../jail/jail.ts'

/** How the decoder is started. */
export type DecoderProgram = {
  /** Absolute path, or a name found in /usr/bin or /bin. */
  readonly program: string
  readonly jail: Jail
}

export const ffmpeg = (): DecoderProgram => ({ program: 'ffmpeg', jail: openJail() })

/** The agent's own environment holds paths and credentials that are none of the decoder's business. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', AV_LOG_FORCE_NOCOLOR: '1' }

/** Of ffmpeg's private memory: it takes 50 MB for any of the formats (a file's index, the stacks of its threads). */
export const DECODER_MEMORY_MB = 256

/** Of standard error the end is kept: that is where the verdict stands. */
const MESSAGE_LENGTH = 4096

export type DecoderChild = DecoderProcess & { readonly pid: number }

/** @throws DECODER when the program cannot be started */
export const spawnDecoder = (
  { program, jail }: DecoderProgram,
  programArguments: readonly string[],
  limits: JailLimits,
): DecoderChild => {
  const { command, argv } = jail.jailed(program, programArguments, limits)
  const child = spawn(command, argv, { cwd: '/', env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'pipe'] })
  const exited = exitOf(child)
  // A decoder that has heard enough, or died, closes its input: `exited` says which, not the broken pipe.
  child.stdin.on('error', () => undefined)
  if (child.pid === undefined) throw new LoaError('DECODER', `${program} cannot be started`)
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    exited,
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}

const exitOf = (child: ChildProcessWithoutNullStreams): DecoderProcess['exited'] => {
  let message = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    message = (message + text).slice(-MESSAGE_LENGTH)
  })
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, message: error.message }))
    child.once('close', (code, signal) => {
      const end = signal === null ? '' : `\nended by ${signal}`
      resolve({ ok: code === 0, message: (message + end).trim().slice(-MESSAGE_LENGTH) })
    })
  })
}
