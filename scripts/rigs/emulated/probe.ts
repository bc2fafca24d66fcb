import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { connectTo } from './socket.ts'

type Waiting = { readonly resolve: (answer: string) => void; readonly reject: (error: Error) => void }

/**
 * Touches the machine from outside of what it runs, by the socket that qemu's own tests use: sets the level at a pin, reads a
 * register.
 * @see qemu, docs/devel/qtest
 */
export class Probe implements Disposable {
  readonly #socket: Socket
  readonly #waiting: Waiting[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    createInterface({ input: socket }).on('line', (line) => {
      if (/^(?:OK|FAIL|ERR)/.test(line)) this.#answer(line)
    })
    socket.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('the board went off'))
    })
  }

  static async connect(path: string): Promise<Probe> {
    return new Probe(await connectTo(path))
  }

  /** Arguments of qemu for it. */
  static device(path: string): readonly string[] {
    return ['-qtest', `unix:${path},server=on,wait=off`, '-qtest-log', 'none']
  }

  /** Drives a pin that the board reads. @param chip its place in the machine */
  async setInput(chip: string, line: number, high: boolean): Promise<void> {
    await this.#ask(`set_irq_in ${chip} unnamed-gpio-in ${line} ${high ? 1 : 0}`)
  }

  /** A register of 32 bits at that physical address. */
  async register(address: number): Promise<number> {
    return Number((await this.#ask(`readl 0x${address.toString(16)}`)).split(' ')[1])
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }

  #ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#socket.write(`${command}\n`)
    })
  }

  #answer(line: string): void {
    const waiting = this.#waiting.shift()
    if (line.startsWith('OK')) waiting?.resolve(line)
    else waiting?.reject(new Error(`qemu says ${line}`))
  }
}
