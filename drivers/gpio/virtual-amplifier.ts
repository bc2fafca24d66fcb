import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { AmplifierConfig } from '../../agent/core/configuration.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { epochMs, isoUtc } from '../../agent/core/time.ts'
import type { Amplifier } from '../../agent/ports/amplifier.ts'

export type VirtualAmplifierConfig = Extract<AmplifierConfig, { driver: 'virtual' }>

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    // The last line of a process that was killed may be cut short.
    return undefined
  }
}

/** The trace may be shared with signs and other amplifiers. */
const switchedTo = (line: string, id: string): boolean | undefined => {
  const entry = parsed(line)
  if (typeof entry !== 'object' || entry === null) return undefined
  if (!('id' in entry && 'on' in entry) || entry.id !== id) return undefined
  return typeof entry.on === 'boolean' ? entry.on : undefined
}

const lastTraced = (trace: string | undefined, id: string): boolean => {
  if (trace === undefined || !existsSync(trace)) return false
  const last = readFileSync(trace, 'utf8')
    .split('\n')
    .findLast((line) => switchedTo(line, id) !== undefined)
  return last !== undefined && switchedTo(last, id) === true
}

/**
 * A relay that exists only in its trace: one JSON line a change, `{"at":"<ISO>","id":"main","on":true}`.
 * Like the line of a real chip it keeps its state when its process is killed: whoever opens it next
 * finds it as the trace says and opens the relay, with a line if that is a change.
 */
export class VirtualAmplifier implements Amplifier {
  readonly id: string
  /** It is its own contact. */
  readonly hasContact = true
  readonly #trace: string | undefined
  readonly #now: () => number
  #on: boolean
  #closed = false

  constructor(config: VirtualAmplifierConfig, now: () => number = Date.now) {
    this.id = config.id
    this.#trace = config.trace
    this.#now = now
    this.#on = lastTraced(config.trace, config.id)
    this.#switch(false)
  }

  set(on: boolean): void {
    if (this.#closed) throw new LoaError('AMPLIFIER', `amplifier ${this.id} is closed`)
    this.#switch(on)
  }

  read(): boolean | undefined {
    return this.#closed ? undefined : this.#on
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#switch(false)
  }

  #switch(on: boolean): void {
    if (on === this.#on) return
    if (this.#trace !== undefined) this.#append(this.#trace, on)
    this.#on = on
  }

  #append(trace: string, on: boolean): void {
    const entry = { at: isoUtc(epochMs(this.#now())), id: this.id, on }
    try {
      appendFileSync(trace, `${JSON.stringify(entry)}\n`)
    } catch (cause) {
      throw new LoaError('AMPLIFIER', `trace of amplifier ${this.id}: ${messageOf(cause)}`, { cause })
    }
  }
}
