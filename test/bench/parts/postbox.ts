import { connect, type MqttClient } from 'mqtt'
import { wallNow } from './wall.ts'

/** A subscriber that only notices when its messages come: what broker and machine take without any player. */
export class Postbox implements AsyncDisposable {
  readonly topic = 'bench/postbox'
  /** Milliseconds from each message to its coming. */
  readonly delays: number[] = []
  readonly #client: MqttClient
  #sentAt: number | undefined

  private constructor(client: MqttClient) {
    this.#client = client
    client.on('message', () => {
      if (this.#sentAt !== undefined) this.delays.push(wallNow() - this.#sentAt)
      this.#sentAt = undefined
    })
  }

  static async open(port: number): Promise<Postbox> {
    const client = connect(`mqtt://127.0.0.1:${port}`)
    const postbox = new Postbox(client)
    await client.subscribeAsync(postbox.topic, { qos: 1 })
    return postbox
  }

  /** A message to it leaves now. */
  expect(): void {
    this.#sentAt = wallNow()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true)
  }
}
