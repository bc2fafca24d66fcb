import type { Question } from '../adapters/mqtt/ask-once.ts'
import type { LineSurvey } from '../core/board/lines.ts'
import type { AudioConfig } from '../core/configuration.ts'
import type { Outside, OutsideTargets, ServiceFacts } from '../core/doctor/outside.ts'
import type { SignConfig } from '../core/sign-configuration.ts'

/** The variables that `loa` reads. */
export type Environment = {
  readonly [name in 'LOA_CONFIG' | 'LOA_TRACE' | 'NO_COLOR' | 'TERM' | 'LC_ALL' | 'LC_MESSAGES' | 'LANG']?:
    | string
    | undefined
}

/** The edge of the process as a verb sees it. */
export type Io = {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly env: Environment
  /** Standard output is a terminal. */
  readonly terminal: boolean
  /** Of the terminal, as they are now. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
  /** Keys as they are pressed, while somebody listens; nothing where there is no keyboard. */
  readonly keys: (listener: (key: string) => void) => Disposable
  /** Somebody can be asked: standard input is a terminal. */
  readonly asks: boolean
  /** The next line that is typed, without its end; undefined at the end of input and when aborted. */
  readonly line: (signal: AbortSignal) => Promise<string | undefined>
  /** Whenever the terminal has another size. */
  readonly resized: (listener: () => void) => Disposable
  /** However the process ends, short of SIGKILL: what a terminal was told must be taken back. */
  readonly atExit: (listener: () => void) => Disposable
  /** Standard input, to be read once. */
  readonly input: () => AsyncIterable<Uint8Array>
  readonly now: () => number
  /** Prefix of /proc, /dev and /sys; empty but in tests. */
  readonly root: string
  /** Looks at the GPIO lines of the machine. */
  readonly gpioLines: () => Promise<LineSurvey>
  /** Looks at names, brokers, content servers and clocks around this device; over in less than three seconds. */
  readonly outside: (targets: OutsideTargets) => Promise<Outside>
  /** Asks systemd for properties of the service. */
  readonly service: (properties: readonly string[]) => Promise<ServiceFacts>
  /** Reads a database whole: `ok` or what is damaged; undefined when that cannot be told. `inUse`: the agent has it open. */
  readonly database: (path: string, inUse: boolean) => Promise<string | undefined>
  /** One question to one broker. @throws BROKER when there is no answer */
  readonly askBroker: <T>(question: Question<T>) => Promise<T>
  /** A soft tone on a sound device that nobody holds. @throws AUDIO_DEVICE */
  readonly playTone: (audio: AudioConfig, signal: AbortSignal) => Promise<void>
  /** The test pattern on a sign that nobody holds, and what the sign says of itself. @throws CONFIG, IO */
  readonly showPattern: (
    sign: SignConfig,
    seconds: number,
    signal: AbortSignal,
  ) => Promise<{ readonly ok: boolean; readonly message: string }>
}

/** Exit codes of the contract, section 5. */
export type ExitCode = 0 | 1 | 2 | 3
