import { setTimeout as rest } from 'node:timers/promises'
import { messageOf } from '../../../agent/core/error.ts'
import type { ContactHandlers, Contacts } from '../../../agent/ports/contacts.ts'
import type { ContactLine } from '../contact-line.ts'
import type { GpioKernel } from './kernel.ts'
import { type HeldLine, holdLine } from './line.ts'

export type GpiochipContactLine = Extract<ContactLine, { driver: 'gpiochip' }>

type Watched = {
  readonly config: GpiochipContactLine
  line: HeldLine | undefined
  told: boolean | undefined
  faulty: boolean
  retryAt: number
}

/** Of the debounce time the kernel does only so much: the rest is ours, or nobody would learn of a contact that trembles. */
const KERNEL_DEBOUNCE_MS = 2
/** Edges can be lost, and a chip that went away may leave nothing to read: levels are looked at so often. */
const LOOK_MS = 500
const RETRY_MS = 2000
/** Bounds what a line without debounce that hums costs. */
const BREATH_MS = 1

/**
 * Contacts on the GPIO character device, each a request of its own: a line that another program holds costs that contact
 * alone. One poll for all of them waits for edges in a thread of the pool.
 */
export class GpiochipContacts implements Contacts {
  readonly #kernel: GpioKernel
  readonly #handlers: ContactHandlers
  readonly #watched: readonly Watched[]
  readonly #loop: Promise<void>
  #closed = false

  constructor(configs: readonly GpiochipContactLine[], kernel: GpioKernel, handlers: ContactHandlers) {
    this.#kernel = kernel
    this.#handlers = handlers
    this.#watched = configs.map((config) => ({
      config,
      line: undefined,
      told: undefined,
      faulty: false,
      retryAt: Number.NEGATIVE_INFINITY,
    }))
    this.#loop = this.#watch()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#loop
    for (const watched of this.#watched) watched.line?.close()
  }

  async #watch(): Promise<void> {
    while (!this.#closed) {
      for (const watched of this.#watched) if (watched.line === undefined) this.#open(watched)
      const ready = await this.#wait()
      if (this.#closed) return
      this.#turn(ready)
      if (ready.length > 0) await rest(BREATH_MS)
    }
  }

  #wait(): Promise<readonly number[]> {
    const held = this.#watched.flatMap(({ line }) => (line === undefined ? [] : [line.fd]))
    return held.length === 0 ? rest(LOOK_MS, []) : this.#kernel.poll(held, LOOK_MS)
  }

  #turn(ready: readonly number[]): void {
    for (const watched of this.#watched) {
      if (watched.line === undefined) continue
      if (ready.includes(watched.line.fd)) this.#hear(watched)
      else if (ready.length === 0) this.#look(watched)
    }
  }

  #open(watched: Watched): void {
    const now = performance.now()
    if (now < watched.retryAt) return
    watched.retryAt = now + RETRY_MS
    const debounceUs = 1000 * Math.min(KERNEL_DEBOUNCE_MS, watched.config.debounceMs)
    this.#attempt(watched, () => {
      watched.line = holdLine(this.#kernel, watched.config, { direction: 'edges', debounceUs })
      const level = watched.line.get()
      if (watched.faulty) this.#handlers.onFault(watched.config.name, undefined)
      watched.faulty = false
      this.#tell(watched, level)
    })
  }

  #hear(watched: Watched): void {
    this.#attempt(watched, () => {
      for (const active of watched.line?.readEdges() ?? []) this.#tell(watched, active)
    })
    this.#look(watched)
  }

  /** What it is now, whatever was told. */
  #look(watched: Watched): void {
    this.#attempt(watched, () => {
      const level = watched.line?.get()
      if (level !== undefined && level !== watched.told) this.#tell(watched, level)
    })
  }

  #tell(watched: Watched, active: boolean): void {
    watched.told = active
    this.#handlers.onLevel(watched.config.name, active)
  }

  #attempt(watched: Watched, action: () => void): void {
    try {
      action()
    } catch (thrown) {
      watched.line?.close()
      watched.line = undefined
      watched.told = undefined
      if (!watched.faulty) this.#handlers.onFault(watched.config.name, messageOf(thrown))
      watched.faulty = true
    }
  }
}
