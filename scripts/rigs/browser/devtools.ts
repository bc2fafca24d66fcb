import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

type Fields = Readonly<Record<string, unknown>>
type Message = {
  readonly id?: number
  readonly method?: string
  readonly params?: Fields
  readonly result?: Fields
  readonly error?: { readonly message: string }
  readonly sessionId?: string
}

const ANSWER_MS = 20_000
const ARGUMENTS = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-gpu',
  '--disable-extensions',
  '--disable-component-update',
  '--disable-background-networking',
  '--disable-sync',
  '--hide-scrollbars',
]

/** A tab: one session of the DevTools protocol. */
export type Session = {
  readonly send: (method: string, params?: Fields) => Promise<Fields>
  readonly on: (method: string, hear: (params: Fields) => void) => void
}

/** A headless Chromium, spoken to over a pipe: no port, no library. */
export class Browser implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #waiting = new Map<number, (message: Message) => void>()
  readonly #heard = new Map<string, ((params: Fields) => void)[]>()
  #id = 0
  #rest = ''

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'loa-browser-'))
    // As root its sandbox cannot be made; it sees pages of this machine only.
    const sandbox = process.geteuid?.() === 0 ? ['--no-sandbox'] : []
    this.#child = spawn(
      'chromium',
      [...ARGUMENTS, ...sandbox, `--user-data-dir=${this.#folder}`, 'about:blank'],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      },
    )
    const [, , , , out] = this.#child.stdio
    ;(out as Readable).setEncoding('utf8').on('data', (text: string) => this.#read(text))
  }

  async tab(): Promise<Session> {
    const { targetId } = await this.#ask('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.#ask('Target.attachToTarget', { targetId, flatten: true })
    const session = String(sessionId)
    return {
      send: (method, params = {}) => this.#ask(method, params, session),
      on: (method, hear) => {
        const key = `${session} ${method}`
        this.#heard.set(key, [...(this.#heard.get(key) ?? []), hear])
      },
    }
  }

  #ask(method: string, params: Fields, sessionId?: string): Promise<Fields> {
    this.#id += 1
    const id = this.#id
    const answer = new Promise<Fields>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${method}: no answer`)), ANSWER_MS)
      this.#waiting.set(id, ({ result = {}, error }) => {
        clearTimeout(late)
        if (error === undefined) resolve(result)
        else reject(new Error(`${method}: ${error.message}`))
      })
    })
    const [, , , into] = this.#child.stdio
    ;(into as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    return answer
  }

  #read(text: string): void {
    const messages = `${this.#rest}${text}`.split('\0')
    this.#rest = messages.pop() ?? ''
    for (const each of messages) {
      const message: Message = JSON.parse(each)
      if (message.id !== undefined) {
        this.#waiting.get(message.id)?.(message)
        this.#waiting.delete(message.id)
      } else
        for (const hear of this.#heard.get(`${message.sessionId} ${message.method}`) ?? [])
          hear(message.params ?? {})
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await gone
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
