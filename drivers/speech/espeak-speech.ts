import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import type { Speech } from '../../agent/ports/speech.ts'
import { withLengths } from './wav-header.ts'

export type EspeakOptions = {
  /** Absolute path, or a name found in /usr/bin or /bin. */
  readonly program?: string
  readonly maxBytes?: number
  readonly maxMs?: number
}

const PROGRAM = 'espeak-ng'
/** Words a minute: 175 is its default; slower carries farther over horns and their echoes. */
const WORDS_PER_MINUTE = '150'
/** 12 minutes at its 22.05 kHz, twice what the longest text of a document takes. */
const MAX_BYTES = 32 * 1024 * 1024
/** It speaks hundreds of times faster than people; a Pi Zero 2 at the lowest priority some tens of times. */
const MAX_MS = 60_000
const VERSION_MS = 2000
const LOWEST_PRIORITY = 19
const MESSAGE_LENGTH = 500

/** The agent's own environment holds paths and credentials that are none of its business. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' }

/** Debian's espeak-ng, one child a text: the text on standard input, never as an argument, and no markup (`-m`). */
class EspeakSpeech implements Speech {
  readonly engine: string
  readonly #program: string
  readonly #maxBytes: number
  readonly #maxMs: number

  constructor(options: EspeakOptions) {
    this.#program = options.program ?? PROGRAM
    this.#maxBytes = options.maxBytes ?? MAX_BYTES
    this.#maxMs = options.maxMs ?? MAX_MS
    this.engine = versionOf(this.#program)
  }

  async render(text: string, voice: string, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted()
    const child = spawn(
      this.#program,
      ['-b', '1', '-s', WORDS_PER_MINUTE, '-v', voice, '--stdin', '--stdout'],
      { cwd: '/', env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'pipe'] },
    )
    const kill = (): void => {
      child.kill('SIGKILL')
    }
    const late = AbortSignal.timeout(this.#maxMs)
    const end = AbortSignal.any([signal, late])
    end.addEventListener('abort', kill, { once: true })
    try {
      const { bytes, fault } = await this.#listen(child, text, kill)
      signal.throwIfAborted()
      if (late.aborted) throw new LoaError('DECODER', `espeak-ng took over ${this.#maxMs / 1000} s`)
      if (fault !== undefined) throw new LoaError('DECODER', fault)
      const wav = withLengths(bytes)
      if (wav === undefined) throw new LoaError('BAD_MEDIA', 'nothing in the text can be spoken')
      return wav
    } finally {
      end.removeEventListener('abort', kill)
      kill()
    }
  }

  async #listen(
    child: ChildProcessWithoutNullStreams,
    text: string,
    kill: () => void,
  ): Promise<{ readonly bytes: Buffer; readonly fault: string | undefined }> {
    const pieces: Buffer[] = []
    let length = 0
    let message = ''
    child.stdout.on('data', (piece: Buffer) => {
      length += piece.length
      if (length > this.#maxBytes) kill()
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
    const fault = await endOf(child)
    if (length > this.#maxBytes) return { bytes: Buffer.alloc(0), fault: 'the text is too long to be spoken' }
    return { bytes: Buffer.concat(pieces), fault: fault && `${fault} ${message}`.trim() }
  }
}

/** What went wrong, if anything. */
const endOf = async (child: ChildProcessWithoutNullStreams): Promise<string | undefined> => {
  try {
    const [code, signal] = await once(child, 'close')
    return code === 0 ? undefined : `espeak-ng ended with ${String(signal ?? code)}`
  } catch (thrown) {
    return `espeak-ng cannot be started, install the package espeak-ng: ${messageOf(thrown)}`
  }
}

const lowerPriority = (pid: number | undefined): void => {
  if (pid === undefined) return
  try {
    setPriority(pid, LOWEST_PRIORITY)
  } catch (thrown) {
    // Gone already: its exit tells why.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SYSTEM_ERROR')) throw thrown
  }
}

/** Its name alone when it is not installed: what it says when it is will be new. */
const versionOf = (program: string): string => {
  const { stdout } = spawnSync(program, ['--version'], {
    cwd: '/',
    env: ENVIRONMENT,
    encoding: 'utf8',
    timeout: VERSION_MS,
    maxBuffer: 4096,
  })
  const version = /\d+(?:\.\d+)+/.exec(stdout ?? '')?.[0]
  return version === undefined ? PROGRAM : `${PROGRAM} ${version}`
}

/** Looks once which version there is; a missing espeak-ng is reported by `render`, so that it can be installed meanwhile. */
export const createEspeakSpeech = (options: EspeakOptions = {}): Speech => new EspeakSpeech(options)
