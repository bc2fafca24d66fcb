import { connect, createServer, type Socket } from 'node:net'
import type { LineFault, Way } from './line-fault.ts'
import { PacketCutter } from './packet-cutter.ts'
import { SlowPipe } from './slow-pipe.ts'

const SOUND: LineFault = { kind: 'none' }

/** A line to a port of this machine that breaks as a test wants it, without the far end having a hand in it. */
export class BrokenLine implements AsyncDisposable {
  readonly #server
  readonly #ends = new Set<Socket>()
  readonly #target: number
  #fault: LineFault = SOUND
  #made = 0
  #cuts = 0

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((near) => this.#take(near))
  }

  static async open(target: number): Promise<BrokenLine> {
    const line = new BrokenLine(target)
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve))
    return line
  }

  get port(): number {
    const address = this.#server.address()
    return address !== null && typeof address === 'object' ? address.port : 0
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`
  }

  /** Connections made over it so far, refused ones included. */
  get made(): number {
    return this.#made
  }

  /** Packets cut in two so far. */
  get cuts(): number {
    return this.#cuts
  }

  break(fault: LineFault): void {
    this.#fault = fault
    if (fault.kind === 'refuse') this.cut()
  }

  mend(): void {
    this.#fault = SOUND
  }

  /** Ends every connection; what becomes of new ones is told by the fault. */
  cut(): void {
    for (const end of this.#ends) end.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #take(near: Socket): void {
    this.#made += 1
    near.on('error', () => undefined)
    if (this.#fault.kind === 'refuse') {
      near.destroy()
      return
    }
    const far = connect(this.#target, '127.0.0.1')
    far.on('error', () => undefined)
    const state = { dead: false }
    this.#join(near, far, 'up', state)
    this.#join(far, near, 'down', state)
  }

  #join(from: Socket, to: Socket, way: Way, state: { dead: boolean }): void {
    this.#ends.add(from)
    const packets = new PacketCutter()
    const pipe = new SlowPipe(to, () => this.#fault)
    from.on('close', () => {
      this.#ends.delete(from)
      // A half-open line tells neither end that the other has gone.
      if (this.#fault.kind !== 'silent' && !state.dead) to.destroy()
    })
    from.on('data', (chunk: Buffer) => {
      const fault = this.#fault
      const wanted = fault.kind === 'cut' && fault.way === way ? fault.packet : undefined
      const end = packets.feed(chunk, wanted)
      // Nobody remembers it any more: what lost bytes once never carries any again, mended or not.
      if (fault.kind === 'silent') state.dead = true
      if (state.dead) return
      if (end === undefined) {
        if (!pipe.push(chunk)) {
          from.pause()
          pipe.whenFree(() => from.resume())
        }
        return
      }
      this.#fault = SOUND
      this.#cuts += 1
      to.write(chunk.subarray(0, end), () => {
        from.destroy()
        to.destroy()
      })
    })
  }
}
