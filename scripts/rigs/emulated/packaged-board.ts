import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { eventually } from '../../../test/rig/eventually.ts'
import { makeDisk } from '../board/disk.ts'
import { Board } from '../board/emulator.ts'
import { copyInstalledRoot } from '../board/installed-root.ts'
import { debianKernel } from '../board/kernel.ts'
import { virtMachine } from '../board/virt.ts'
import { Ear } from './ear.ts'
import { Hand } from './hand.ts'
import { LineWatch } from './line-watch.ts'
import { CHIP, LINES, peripherals, SOUND_CARD, SOUND_MODULES } from './virt-peripherals.ts'

const SIZE_MIB = 1800
const BOOT_LIMIT_MS = 600_000
const ANSWER_MS = 10_000

/** The least that a receiver with one amplifier is described by. */
const CONFIG = {
  device: { id: 'd-7k2m4q9x', province: '75', commune: '26068' },
  board: '/etc/loa/board.yaml',
  mqtt: { urls: ['mqtt://127.0.0.1:1'] },
  security: {
    signatures: 'required',
    rootKeys: [{ kid: 'root-a', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }],
    threshold: 1,
  },
}
const BOARD = {
  name: 'emulated',
  models: ['linux,dummy-virt'],
  audio: { driver: 'alsa', device: SOUND_CARD, rate: 48_000, channels: 1, bufferMs: 500 },
  amplifiers: [
    {
      id: 'main',
      driver: 'gpiochip',
      chip: CHIP,
      line: LINES.relay,
      activeLow: false,
      settleMs: 800,
      holdMs: 500,
      minOffMs: 500,
    },
  ],
}

/** A board with a Debian that systemd starts, on which nothing of the agent is installed; the package lies in /root. */
export class PackagedBoard implements AsyncDisposable {
  readonly ear: Ear
  readonly hand: Hand
  readonly #stack: AsyncDisposableStack
  readonly #board: Board
  readonly #lines: LineWatch

  private constructor(stack: AsyncDisposableStack, board: Board, lines: LineWatch, ear: Ear, hand: Hand) {
    this.#stack = stack
    this.#board = board
    this.#lines = lines
    this.ear = ear
    this.hand = hand
  }

  /** Switches it on and waits until somebody can type. */
  static async start(folder: string, cache: string, deb: string): Promise<PackagedBoard> {
    const at = (name: string): string => join(folder, name)
    copyInstalledRoot(cache, at('tree'))
    copyFileSync(deb, at('tree/root/loa-agent.deb'))
    writeFileSync(at('tree/root/agent.yaml'), stringify(CONFIG))
    writeFileSync(at('tree/root/board.yaml'), stringify(BOARD))
    makeDisk(at('root.img'), SIZE_MIB, at('tree'))
    const { image: kernel, initrd } = debianKernel(cache, SOUND_MODULES)
    writeFileSync(at('initrd'), initrd)
    const machine = virtMachine({
      kernel,
      initrd: at('initrd'),
      disks: [`driver=raw,node-name=disk0,file.driver=file,file.filename=${at('root.img')}`],
      console: at('console.txt'),
      kernelOptions: 'agent=none systemd.show_status=yes',
      extra: peripherals(at),
    })
    const lines = new LineWatch()
    await using stack = new AsyncDisposableStack()
    const board = stack.use(
      new Board({ machine, console: at('console.txt'), onTrace: (text) => lines.trace(text) }),
    )
    const ear = stack.use(new Ear(at('heard.wav')))
    const hand = stack.use(await Hand.connect(at('hand')))
    await board.says(/Started .*hand\.service/, BOOT_LIMIT_MS)
    // What is typed before the shell listens is lost.
    const answers = (): Promise<true | undefined> =>
      hand.run('true', ANSWER_MS).then(
        () => true,
        () => undefined,
      )
    await eventually('a shell listens', answers, BOOT_LIMIT_MS)
    return new PackagedBoard(stack.move(), board, lines, ear, hand)
  }

  /** Milliseconds since power on, of this machine's time. */
  get onForMs(): number {
    return this.#board.onForMs
  }

  get isOn(): boolean {
    return this.#board.isOn
  }

  /** Everything that the relay's line has done since power on. */
  get relay(): readonly string[] {
    return this.#lines.changes
      .filter(({ line }) => line === LINES.relay)
      .map(({ high }) => (high ? 'on' : 'off'))
  }

  /** Waits until the relay's line has changed so often since power on. */
  async relayChanged(times: number, deadlineMs: number): Promise<void> {
    await eventually(
      `${times} changes of the relay`,
      () => this.relay.length >= times || undefined,
      deadlineMs,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}
