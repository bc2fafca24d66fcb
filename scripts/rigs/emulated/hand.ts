import type { Socket } from 'node:net'
import { eventually } from '../../../test/rig/eventually.ts'
import { connectTo } from './socket.ts'

const LIMIT_MS = 120_000

export type Done = { readonly code: number; readonly output: string }

const PROMPT = /^(?:\/ # )+/

/** What a command said, out of everything that came from the port; its lines begin with the mark, the last is its exit code. */
export const answerIn = (heard: string, mark: string): Done => {
  const lines = heard
    .split('\n')
    .map((line) => line.replace(PROMPT, ''))
    // The shell may say the command over, mark and all, before it does it.
    .filter((line) => line.startsWith(`${mark} `))
    .map((line) => line.slice(mark.length + 1))
  const code = lines.findLast((line) => line.startsWith('='))
  const output = lines.filter((line) => line !== code).join('\n')
  return { code: Number(code?.slice(1)), output: output.trimEnd() }
}

/** Types at a serial port of the board, where a shell listens (`hand=`), and reads what comes of it. */
export class Hand implements Disposable {
  readonly #socket: Socket
  #number = 0
  #heard = ''

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => {
      this.#heard += chunk.toString('utf8').replaceAll('\r', '')
    })
  }

  static async connect(path: string): Promise<Hand> {
    return new Hand(await connectTo(path))
  }

  /** Types a line and waits for nothing. */
  type(line: string): void {
    this.#socket.write(`${line}\n`)
  }

  /** Runs a line of shell. What others write at the same port is passed over, and so is the shell's own prompt. */
  async run(command: string, deadlineMs = LIMIT_MS): Promise<Done> {
    this.#number += 1
    const mark = `>${this.#number}`
    this.#heard = ''
    const told = `{ ${command}; code=$?; echo; echo "=$code"; } </dev/null 2>&1 | busybox sed 's/^/${mark} /'`
    this.#socket.write(`${told}; echo '${mark}.'\n`)
    await eventually(
      `the board did ${command}`,
      () => this.#heard.includes(`${mark}.\n`) || undefined,
      deadlineMs,
    )
    return answerIn(this.#heard, mark)
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }
}
