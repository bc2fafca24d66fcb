import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../../../test/rig/eventually.ts'
import { agentDisk } from '../board/agent-disk.ts'
import { makeDisk } from '../board/disk.ts'
import { Board } from '../board/emulator.ts'
import { debianKernel } from '../board/kernel.ts'
import { makeCard } from '../board/partitions.ts'
import { raspberryPi3 } from '../board/raspberry-pi.ts'
import { rootDisk } from '../board/root.ts'
import { addRpio } from '../board/rpio.ts'
import { Bcm2835Pins } from './bcm2835-pins.ts'
import type { LineChange } from './chip-trace.ts'
import { Hand } from './hand.ts'
import { Probe } from './probe.ts'

const STATE_MIB = 128
const RELAY_LINE = 17
/** Levels of the first 32 lines. */
const GPLEV0 = 0x3f20_0034
const LIMIT_MS = 1_200_000
/** Its card is behind a controller of its own. */
const CARD_MODULES = ['bcm2835']

const CONFIG = {
  device: { id: 'd-7k2m4q9x', province: '75', commune: '26068', languages: ['vi'] },
  mqtt: { urls: ['mqtt://127.0.0.1:1'] },
  security: { signatures: 'off' },
  policy: { quietHours: [] },
}
const boardWith = (relay: Readonly<Record<string, unknown>>) => ({
  name: 'emulated-pi',
  models: ['Raspberry Pi 3 Model B'],
  clock: 'none',
  audio: { driver: 'wav', file: '/tmp/heard.wav', rate: 48_000, channels: 1, bufferMs: 500 },
  amplifiers: [
    { id: 'main', line: RELAY_LINE, activeLow: false, settleMs: 300, holdMs: 200, minOffMs: 0, ...relay },
  ],
})

/** Drivers of the relay, one after the other. */
export const DRIVERS = {
  gpiochip: { driver: 'gpiochip', chip: 'pinctrl-bcm2835' },
  rpio: { driver: 'rpio' },
} as const
export type PiDriver = keyof typeof DRIVERS

/** An emulated Raspberry Pi 3 B, watched at its GPIO registers. */
export class PiBoard implements AsyncDisposable {
  readonly changes: LineChange[] = []
  readonly #board: Board
  readonly #pins = new Bcm2835Pins()
  readonly #stack = new AsyncDisposableStack()
  #terminals: { readonly probe: Probe; readonly hand: Hand } | undefined

  private constructor(machine: readonly string[], console: string) {
    this.#board = this.#stack.use(new Board({ machine, console, onTrace: (text) => this.#trace(text) }))
  }

  static async start(folder: string, cache: string): Promise<PiBoard> {
    const { image: kernel, initrd, deviceTrees } = debianKernel(cache, CARD_MODULES)
    const at = (name: string): string => join(folder, name)
    writeFileSync(at('pi-initrd'), initrd)
    agentDisk(at('pi-agent.img'), cache, {
      config: CONFIG,
      board: boardWith(DRIVERS.gpiochip),
      boards: { rpio: boardWith(DRIVERS.rpio) },
      furnish: (tree) => addRpio(cache, tree),
    })
    makeDisk(at('pi-state.img'), STATE_MIB)
    makeCard(at('card.img'), [rootDisk(cache), at('pi-agent.img'), at('pi-state.img')])
    const machine = raspberryPi3({
      kernel,
      initrd: at('pi-initrd'),
      deviceTree: join(deviceTrees, 'broadcom/bcm2837-rpi-3-b.dtb'),
      card: at('card.img'),
      console: `socket,path=${at('pi-console')},server=on,wait=off,logfile=${at('pi-console.txt')}`,
      // rpio maps the registers, which the kernel's own driver has claimed.
      kernelOptions: `iomem=relaxed hand=ttyS1 system=/dev/mmcblk0p1 agent=/dev/mmcblk0p2 state=/dev/mmcblk0p3`,
      extra: ['-trace', 'memory_region_ops_write', '-msg', 'timestamp=on', ...Probe.device(at('pi-probe'))],
    })
    const board = new PiBoard(machine, at('pi-console.txt'))
    try {
      await board.#reach(at)
      return board
    } catch (error) {
      await board[Symbol.asyncDispose]()
      throw error
    }
  }

  get hand(): Hand {
    if (this.#terminals === undefined) throw new Error('nobody has reached the board yet')
    return this.#terminals.hand
  }

  get starts(): number {
    return [...this.#board.console.matchAll(/"msg":"ready"/g)].length
  }

  async ready(starts: number): Promise<void> {
    const look = (): true | undefined => {
      if (!this.#board.isOn) throw new Error(`the board is off: ${this.#board.console.slice(-2000)}`)
      return this.starts >= starts || undefined
    }
    await eventually(`start ${starts} of the agent is ready`, look, LIMIT_MS)
  }

  /** `on` and `off` as the registers say, in order, from the `first` change on. */
  relaySince(first: number): readonly string[] {
    return this.changes
      .slice(first)
      .filter(({ line }) => line === RELAY_LINE)
      .map(({ high }) => (high ? 'on' : 'off'))
  }

  async relay(first: number, times: number): Promise<void> {
    const look = (): true | undefined => this.relaySince(first).length >= times || undefined
    await eventually(`${times} changes of the relay`, look, LIMIT_MS)
  }

  /** The level at the pin itself. */
  async isHigh(): Promise<boolean> {
    const levels = (await this.#terminals?.probe.register(GPLEV0)) ?? 0
    return ((levels >>> RELAY_LINE) & 1) === 1
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }

  async #reach(at: (name: string) => string): Promise<void> {
    const probe = this.#stack.use(await Probe.connect(at('pi-probe')))
    const hand = this.#stack.use(await Hand.connect(at('pi-console')))
    this.#terminals = { probe, hand }
  }

  #trace(text: string): void {
    this.changes.push(...this.#pins.changesIn(text))
  }
}
