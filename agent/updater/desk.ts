import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { LoaError, messageOf } from '../core/error.ts'
import type { Places } from './places.ts'

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants
const FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
/** A pipe that is put in the place of a file must not make this wait. */
const FILE = O_RDONLY | O_NOFOLLOW | O_NONBLOCK

const DESK = 'update'

const codeOf = (thrown: unknown): unknown => (thrown instanceof Error && 'code' in thrown ? thrown.code : '')

/** Everything in the agent's folder is the agent's word: no link in it is followed, and each file has a cap. */
export class Desk implements Disposable {
  readonly #folders: readonly number[]

  private constructor(folders: readonly number[]) {
    this.#folders = folders
  }

  /** Undefined when the agent has none. */
  static open({ agentState }: Places): Desk | undefined {
    const outer = Desk.#openIfThere(agentState, FOLDER)
    if (outer === undefined) return undefined
    // By the open folder: whatever is put in its place meanwhile, this is the one that was looked at.
    const inner = Desk.#openIfThere(`/proc/self/fd/${outer}/${DESK}`, FOLDER)
    if (inner !== undefined) return new Desk([inner, outer])
    closeSync(outer)
    return undefined
  }

  static #openIfThere(path: string, flags: number): number | undefined {
    try {
      return openSync(path, flags)
    } catch (thrown) {
      const code = codeOf(thrown)
      if (code === 'ENOENT') return undefined
      if (code === 'ELOOP' || code === 'ENOTDIR' || code === 'ENXIO')
        throw new LoaError('INVALID', `${path.split('/').at(-1)} of the desk is a link or no plain file`)
      throw new LoaError('STORAGE', messageOf(thrown), { cause: thrown })
    }
  }

  /** Undefined when it is not there. @throws INVALID for what is no plain file, TOO_LARGE */
  use<T>(name: string, maxBytes: number, read: (descriptor: number, bytes: number) => T): T | undefined {
    const descriptor = Desk.#openIfThere(`/proc/self/fd/${this.#folders[0]}/${name}`, FILE)
    if (descriptor === undefined) return undefined
    try {
      const facts = fstatSync(descriptor)
      if (!facts.isFile()) throw new LoaError('INVALID', `${name} of the desk is no plain file`)
      if (facts.size > maxBytes)
        throw new LoaError('TOO_LARGE', `${name}: ${facts.size} bytes, at most ${maxBytes} are taken`)
      return read(descriptor, facts.size)
    } finally {
      closeSync(descriptor)
    }
  }

  /** The bytes of a small file; undefined when it is not there. */
  bytes(name: string, maxBytes: number): Uint8Array | undefined {
    return this.use(name, maxBytes, (descriptor) => {
      const room = Buffer.alloc(maxBytes + 1)
      let length = 0
      for (;;) {
        const more = readSync(descriptor, room, length, room.length - length, length)
        if (more === 0) return room.subarray(0, length)
        length += more
        if (length > maxBytes) throw new LoaError('TOO_LARGE', `${name} grew while it was read`)
      }
    })
  }

  [Symbol.dispose](): void {
    for (const folder of this.#folders) closeSync(folder)
  }
}
