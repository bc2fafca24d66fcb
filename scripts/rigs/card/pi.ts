import { execFileSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { Board } from '../board/emulator.ts'
import { raspberryPi3 } from '../board/raspberry-pi.ts'
import { Hand } from '../emulated/hand.ts'
import type { Card } from './card.ts'

export type Start = {
  readonly name: string
  /** Of the board that it is. */
  readonly serial: string
  readonly kernelOptions?: string
  /** Of the boot partition; the firmware would put it in. */
  readonly overlay?: string
}

/** Root's own shell at the console, which no card has by itself. */
const SHELL = 'systemd.debug_shell systemd.default_debug_tty=ttyS1 systemd.mask=serial-getty@ttyS1.service'
/** No GPU answers in qemu, and now and then its driver takes the kernel down with it when it gives up. */
const NO_GPU = 'modprobe.blacklist=vchiq'
/** In qemu a watchdog that is armed resets the board at once. */
export const NO_WATCHDOG = 'systemd.watchdog_sec=0'

/** Kernel, initial RAM disk and device tree from the boot partition, and the emulated board that starts with them. */
export class Pi {
  readonly #card: Card
  readonly #folder: string
  readonly #kernel: string
  readonly #initrd: string
  readonly #tree: string
  readonly #options: string

  constructor(card: Card, folder: string) {
    this.#card = card
    this.#folder = folder
    const config = card.onBoot('config.txt')
    const named = (pattern: RegExp): string => pattern.exec(config)?.[1] ?? 'nothing'
    this.#kernel = card.takeOut(named(/^kernel=(\S+)$/m))
    this.#initrd = card.takeOut(named(/^initramfs (\S+)$/m))
    this.#tree = card.takeOut('bcm2837-rpi-3-b.dtb')
    for (const overlay of ['loa-i2s-dac', 'loa-rtc'])
      execFileSync('mcopy', [
        ...['-n', '-i', `${card.file}@@${card.part(1).from}`],
        ...[`::/overlays/${overlay}.dtbo`, join(folder, `${overlay}.dtbo`)],
      ])
    this.#options = card
      .onBoot('cmdline.txt')
      .replaceAll(/console=\S+/g, '')
      .trim()
  }

  start(how: Start): Board {
    const { name, kernelOptions = '' } = how
    const console = join(this.#folder, `${name}.txt`)
    const machine = raspberryPi3({
      kernel: this.#kernel,
      initrd: this.#initrd,
      deviceTree: this.#treeOf(how),
      card: this.#card.file,
      console: `socket,path=${this.#socket(name)},server=on,wait=off,logfile=${console}`,
      // One core of four: the emulator has but one thread for all of them.
      kernelOptions: `${this.#options} maxcpus=1 ${NO_GPU} ${kernelOptions}`,
    })
    return new Board({ machine, console })
  }

  /** Starts it with a shell for us. */
  async startWithShell(how: Start): Promise<{ readonly board: Board; readonly hand: Hand }> {
    const board = this.start({ ...how, kernelOptions: `${how.kernelOptions ?? ''} ${SHELL}` })
    const hand = await Hand.connect(this.#socket(how.name))
    return { board, hand }
  }

  #socket(name: string): string {
    return join(this.#folder, `${name}.sock`)
  }

  #treeOf({ name, serial, overlay }: Start): string {
    const tree = join(this.#folder, `${name}.dtb`)
    if (overlay === undefined) copyFileSync(this.#tree, tree)
    else execFileSync('fdtoverlay', ['-i', this.#tree, '-o', tree, join(this.#folder, `${overlay}.dtbo`)])
    execFileSync('fdtput', ['-t', 's', tree, '/', 'serial-number', serial])
    return tree
  }
}
