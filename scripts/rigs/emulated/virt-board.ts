import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../../../test/rig/eventually.ts'
import { agentDisk } from '../board/agent-disk.ts'
import { makeDisk } from '../board/disk.ts'
import { Board } from '../board/emulator.ts'
import { debianKernel } from '../board/kernel.ts'
import { rootDisk } from '../board/root.ts'
import { readOnlyDisk, virtMachine } from '../board/virt.ts'
import type { Source } from '../cuts/source.ts'
import type { LineChange } from './chip-trace.ts'
import { Ear } from './ear.ts'
import { Hand } from './hand.ts'
import { LineWatch } from './line-watch.ts'
import { Probe } from './probe.ts'
import { LAYOUT, PANEL, SignEye } from './sign-eye.ts'
import { CHIP, LINES, peripherals, SOUND_CARD, SOUND_MODULES } from './virt-peripherals.ts'

const STATE_MIB = 128
const BOOT_LIMIT_MS = 1_200_000
const READY = /"msg":"ready"/g
export const RELAY = { settleMs: 800, holdMs: 500, minOffMs: 500, withinMs: 1000 } as const

const line = (number: number) => ({ driver: 'gpiochip', chip: CHIP, line: number, activeLow: false })
const contact = ({ driver: _, ...place }: ReturnType<typeof line>, withinMs: number) => ({
  ...place,
  withinMs,
})

const BOARD = {
  name: 'emulated',
  models: ['linux,dummy-virt'],
  audio: { driver: 'alsa', device: SOUND_CARD, rate: 48_000, channels: 1, bufferMs: 500 },
  amplifiers: [
    {
      id: 'main',
      ...line(LINES.relay),
      settleMs: RELAY.settleMs,
      holdMs: RELAY.holdMs,
      minOffMs: RELAY.minOffMs,
      feedback: contact(line(LINES.feedback), RELAY.withinMs),
    },
  ],
  inputs: [
    { id: 'alarm', role: 'emergency', ...line(LINES.alarm), debounceMs: 50 },
    { id: 'mains', role: 'mains', ...line(LINES.mains), debounceMs: 50 },
  ],
  signs: [
    {
      id: 'gate',
      driver: 'adalight',
      port: '/dev/ttyS0',
      baud: 115_200,
      ...PANEL,
      color: 'rgb',
      layout: LAYOUT,
    },
  ],
}

/** The same with a card whose sound comes in at its other end, as a microphone before the horn would hear it. */
const LOOPED = {
  ...BOARD,
  audio: {
    ...BOARD.audio,
    device: 'plughw:CARD=Loopback,DEV=0',
    capture: { device: 'plughw:CARD=Loopback,DEV=1' },
  },
}

/** What an alarm contact starts. */
const CONTACTS = [
  {
    input: 'alarm',
    event: 'fire',
    siren: { onSeconds: 2, offSeconds: 0, cycles: 1 },
    forSeconds: 1,
    sign: { pages: [{ text: 'CHÁY', mode: 'still', color: 'amber', seconds: 5 }] },
  },
]

/** How the read-back contact of the amplifier behaves: it follows its relay, or stays as it is. */
export type Feedback = 'follows' | 'open' | 'closed'

type Terminals = { readonly probe: Probe; readonly hand: Hand; readonly sign: SignEye }

/** A running board with everything that can be seen and touched at its terminals. */
export class VirtBoard implements AsyncDisposable {
  readonly ear: Ear
  feedback: Feedback = 'follows'
  readonly #board: Board
  readonly #stack = new AsyncDisposableStack()
  readonly #lines = new LineWatch((change) => {
    // The contact is on the same shaft as the relay.
    if (change.line === LINES.relay && this.feedback === 'follows') this.#follow(change.high)
  })
  #terminals: Terminals | undefined

  private constructor(folder: string, machine: readonly string[]) {
    const console = join(folder, 'console.txt')
    this.#board = this.#stack.use(new Board({ machine, console, onTrace: (text) => this.#lines.trace(text) }))
    this.ear = this.#stack.use(new Ear(join(folder, 'heard.wav')))
  }

  /** Puts it together and switches it on; minutes the first time, seconds with what is in `cache` then. */
  static async start(folder: string, cache: string, source: Source): Promise<VirtBoard> {
    const { image: kernel, initrd: ramDisk } = debianKernel(cache, SOUND_MODULES)
    const at = (name: string): string => join(folder, name)
    writeFileSync(at('initrd'), ramDisk)
    agentDisk(at('agent.img'), cache, {
      config: { ...source.config, contacts: CONTACTS },
      board: BOARD,
      boards: { looped: LOOPED },
    })
    makeDisk(at('state.img'), STATE_MIB)
    const machine = virtMachine({
      kernel,
      initrd: at('initrd'),
      disks: [
        readOnlyDisk(0, rootDisk(cache)),
        readOnlyDisk(1, at('agent.img')),
        `driver=raw,node-name=disk2,file.driver=file,file.filename=${at('state.img')}`,
      ],
      console: at('console.txt'),
      kernelOptions: 'hand=ttyS1',
      extra: peripherals(at),
    })
    const board = new VirtBoard(folder, machine)
    try {
      await board.#reach(at)
      return board
    } catch (error) {
      await board[Symbol.asyncDispose]()
      throw error
    }
  }

  get changes(): readonly LineChange[] {
    return this.#lines.changes
  }

  get hand(): Hand {
    return this.#reached.hand
  }

  get sign(): SignEye {
    return this.#reached.sign
  }

  /** How many starts of the agent came to `ready`. */
  get starts(): number {
    return [...this.#board.console.matchAll(READY)].length
  }

  /** Resolves when so many starts did. @throws when the board went off, or takes too long */
  async ready(starts: number): Promise<void> {
    await eventually(
      `start ${starts} of the agent is ready`,
      () => {
        if (!this.#board.isOn) throw new Error(`the board is off: ${this.#board.console.slice(-2000)}`)
        return this.starts >= starts || undefined
      },
      BOOT_LIMIT_MS,
    )
  }

  /** Levels of the relay's line, in order, from the `first` change of any line on: `on` or `off`. */
  relaySince(first: number): readonly string[] {
    return this.relayChanges(first).map(({ high }) => (high ? 'on' : 'off'))
  }

  relayChanges(first: number): readonly LineChange[] {
    return this.changes.slice(first).filter((change) => change.line === LINES.relay)
  }

  /** Drives what is wired to a contact. */
  async put(input: 'alarm' | 'mains' | 'feedback', high: boolean): Promise<void> {
    await this.#reached.probe.setInput(this.#lines.chip ?? '', LINES[input], high)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }

  get #reached(): Terminals {
    if (this.#terminals === undefined) throw new Error('nobody has reached the board yet')
    return this.#terminals
  }

  async #reach(at: (name: string) => string): Promise<void> {
    const probe = this.#stack.use(await Probe.connect(at('probe')))
    const hand = this.#stack.use(await Hand.connect(at('hand')))
    const sign = this.#stack.use(await SignEye.connect(at('sign')))
    this.#terminals = { probe, hand, sign }
    await eventually('the chip was reset', () => this.#lines.chip)
    await this.put('mains', true)
  }

  /** A board that goes off while its contact moves needs no answer. */
  #follow(high: boolean): void {
    this.put('feedback', high).catch(() => undefined)
  }
}
