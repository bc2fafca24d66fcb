import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { agentDisk } from '../board/agent-disk.ts'
import { makeDisk } from '../board/disk.ts'
import { Board } from '../board/emulator.ts'
import { debianKernel } from '../board/kernel.ts'
import { rootDisk } from '../board/root.ts'
import { readOnlyDisk, virtMachine } from '../board/virt.ts'
import { VolatileDisk } from '../board/volatile-disk.ts'
import type { Source } from './source.ts'

const STATE_MIB = 128

/** The board file: what would be heard and seen goes to memory and is not looked at here. */
const BOARD = {
  name: 'emulated',
  models: [],
  audio: { driver: 'wav', file: '/tmp/heard.wav', rate: 48_000, channels: 1, bufferMs: 500 },
  amplifiers: [
    { id: 'main', driver: 'virtual', trace: '/tmp/relay.jsonl', settleMs: 100, holdMs: 100, minOffMs: 0 },
  ],
}

/** A receiver whose state disk outlives its starts. */
export class Receiver {
  readonly state: VolatileDisk
  readonly #kernel: string
  readonly #initrd: string
  readonly #system: string
  readonly #agent: string
  readonly #folder: string
  #starts = 0

  /** Puts everything together; minutes the first time, seconds with what is in `cache` then. */
  constructor(folder: string, cache: string, source: Source) {
    const { image, initrd } = debianKernel(cache)
    this.#folder = folder
    this.#kernel = image
    this.#initrd = join(folder, 'initrd')
    writeFileSync(this.#initrd, initrd)
    this.#system = rootDisk(cache)
    this.#agent = join(folder, 'agent.img')
    agentDisk(this.#agent, cache, { config: source.config, board: BOARD })
    this.state = new VolatileDisk(join(folder, 'state.img'))
    makeDisk(this.state.file, STATE_MIB)
  }

  start(): Board {
    this.#starts += 1
    const console = join(this.#folder, `console-${this.#starts}.txt`)
    const machine = virtMachine({
      kernel: this.#kernel,
      initrd: this.#initrd,
      disks: [readOnlyDisk(0, this.#system), readOnlyDisk(1, this.#agent), this.state.plug(2)],
      console,
    })
    return new Board({ machine, console })
  }
}
