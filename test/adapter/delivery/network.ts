import type { Scheduler } from 'fast-check'
import { LoaError } from '../../../agent/core/error.ts'

type Receive = (topic: string, payload: string) => void

/**
 * A broker without persistence between one device and the server. Every hop is a task of the scheduler: messages
 * overtake each other, come twice when told so, and are gone when one of those that hold them goes.
 */
export class Network {
  readonly #scheduler: Scheduler
  /** Rises with each new connection or run, so that what belonged to the one before is known. */
  readonly #runs = { link: 0, broker: 0, server: 0 }
  readonly #unanswered = new Set<(error: LoaError) => void>()
  up = true
  /** Times that each message is delivered. */
  copies = 1
  toServer: Receive = () => undefined
  toDevice: Receive = () => undefined

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
  }

  /** QoS 1: resolves on the PUBACK. */
  publish(topic: string, payload: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#unanswered.add(reject)
    this.#hop('PUBLISH', ['link'], () => {
      this.#forward(topic, payload)
      this.#hop('PUBACK', ['link'], () => {
        this.#unanswered.delete(reject)
        resolve()
      })
    })
    return promise
  }

  /** QoS 0, from the server. */
  answer(topic: string, payload: string): void {
    this.#hop('to the broker', ['server', 'broker'], () => {
      for (let copy = 0; copy < this.copies; copy += 1)
        this.#hop('to the device', ['broker', 'link'], () => this.toDevice(topic, payload))
    })
  }

  /** The connection of the device ends; what is under way on it may have arrived or not. */
  cut(): void {
    this.up = false
    this.#runs.link += 1
    for (const reject of this.#unanswered) reject(new LoaError('BROKER', 'gone'))
    this.#unanswered.clear()
  }

  brokerCrashes(): void {
    this.#runs.broker += 1
    this.cut()
  }

  serverCrashes(): void {
    this.#runs.server += 1
  }

  #forward(topic: string, payload: string): void {
    for (let copy = 0; copy < this.copies; copy += 1)
      this.#hop('to the server', ['broker', 'server'], () => this.toServer(topic, payload))
  }

  #hop(label: string, parties: readonly (keyof Network['runs'])[], arrive: () => void): void {
    const sent = parties.map((party) => this.#runs[party])
    void this.#scheduler.schedule(Promise.resolve(), label).then(() => {
      if (parties.every((party, index) => this.#runs[party] === sent[index])) arrive()
    })
  }

  get runs() {
    return this.#runs
  }
}
