import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { sealed, unsealed } from './seal.ts'

/** Positions of what plays, by occurrence. */
export type Progress = Readonly<Record<string, { readonly draft: string; readonly resume: string }>>

/** What was written last since the durable state of that number. */
type Shadow = { readonly sequence: number; readonly progress: Progress }

/**
 * Positions between two durable ones, in a file system of memory: it outlives a SIGKILL and costs the card nothing; a
 * power cut takes it, and what is durable counts again.
 */
export class PositionShadow {
  readonly #path: string
  #file: number | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** What was written since the durable state `sequence`, of the occurrences that stand in it. */
  since(sequence: number, durable: Progress): Progress {
    const found = this.#read()
    if (found === undefined || found.sequence !== sequence) return durable
    return Object.fromEntries(
      Object.entries(durable).map(([key, position]) => [key, found.progress[key] ?? position]),
    )
  }

  write(shadow: Shadow): void {
    try {
      this.#file ??= openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600)
      const bytes = sealed(shadow)
      writeSync(this.#file, bytes, 0, bytes.length, 0)
    } catch {
      // The durable position is at most two seconds behind.
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #read(): Shadow | undefined {
    try {
      return unsealed<Shadow>(readFileSync(this.#path))
    } catch {
      return undefined
    }
  }
}
