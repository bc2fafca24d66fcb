import { existsSync, type FSWatcher, readFileSync, watch, writeFileSync } from 'node:fs'
import { messageOf } from '../../agent/core/error.ts'
import type { ContactHandlers, Contacts } from '../../agent/ports/contacts.ts'
import type { ContactLine } from './contact-line.ts'

export type VirtualContactLine = Extract<ContactLine, { driver: 'virtual' }>

type Watched = {
  readonly config: VirtualContactLine
  watcher: FSWatcher | undefined
  told: boolean | undefined
  faulty: boolean
}

const RETRY_MS = 500

/** A file that is just being written is empty for a moment: that says nothing. */
const levelIn = (file: string): boolean | undefined => {
  const text = readFileSync(file, 'utf8').trim()
  if (text === '') return undefined
  if (text !== '0' && text !== '1') throw new Error(`${file} holds neither 1 nor 0`)
  return text === '1'
}

/**
 * Contacts that are files: `echo 1 >FILE` closes one, `echo 0 >FILE` opens it. A file that is not there at the start is
 * made, open; one that is taken away is a contact that cannot be read until it is back.
 */
export class VirtualContacts implements Contacts {
  readonly #handlers: ContactHandlers
  readonly #watched: readonly Watched[]
  readonly #retry: NodeJS.Timeout

  constructor(configs: readonly VirtualContactLine[], handlers: ContactHandlers) {
    this.#handlers = handlers
    this.#watched = configs.map((config) => ({
      config,
      watcher: undefined,
      told: undefined,
      faulty: false,
    }))
    for (const watched of this.#watched) {
      this.#attempt(watched, () => {
        if (!existsSync(watched.config.level)) writeFileSync(watched.config.level, '0\n')
      })
      this.#open(watched)
    }
    this.#retry = setInterval(() => {
      for (const watched of this.#watched) if (watched.watcher === undefined) this.#open(watched)
    }, RETRY_MS)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#retry)
    for (const { watcher } of this.#watched) watcher?.close()
  }

  #open(watched: Watched): void {
    this.#attempt(watched, () => {
      const watcher = watch(watched.config.level)
      watched.watcher = watcher
      watcher.on('error', (error) => this.#lose(watched, messageOf(error)))
      watcher.on('change', (kind) => {
        if (watched.watcher === watcher) this.#changed(watched, kind)
      })
      this.#look(watched)
    })
  }

  /** `rename`: it was taken away, or another file was put in its place. */
  #changed(watched: Watched, kind: string): void {
    if (kind !== 'rename') {
      this.#attempt(watched, () => this.#look(watched))
      return
    }
    watched.watcher?.close()
    watched.watcher = undefined
    this.#open(watched)
  }

  #look(watched: Watched): void {
    const level = levelIn(watched.config.level)
    if (level === undefined) return
    if (watched.faulty) this.#handlers.onFault(watched.config.name, undefined)
    watched.faulty = false
    if (level === watched.told) return
    watched.told = level
    this.#handlers.onLevel(watched.config.name, level)
  }

  #attempt(watched: Watched, action: () => void): void {
    try {
      action()
    } catch (thrown) {
      this.#lose(watched, messageOf(thrown))
    }
  }

  #lose(watched: Watched, message: string): void {
    watched.watcher?.close()
    watched.watcher = undefined
    watched.told = undefined
    if (!watched.faulty) this.#handlers.onFault(watched.config.name, message)
    watched.faulty = true
  }
}
