import type { MqttClient } from 'mqtt'
import type { DocumentKind } from '../../../agent/core/documents.ts'
import { makeKey } from '../../../scripts/source-system/keys.ts'
import { seal } from '../../../scripts/source-system/sign.ts'
import { grant, trustDocument } from '../../../scripts/source-system/trust.ts'

const ROOT = 'loa/v1'
const DAY_MS = 86_400_000

type Body = Readonly<Record<string, unknown>>

/** A province whose documents are signed, and the security section of the devices that believe it. */
export class SignedProvince {
  readonly #root = makeKey('root-a')
  readonly #publisher = makeKey('p-75')

  get security(): Body {
    const { kid, x } = this.#root
    return { signatures: 'required', rootKeys: [{ kid, x }], threshold: 1 }
  }

  async publishTrust(client: MqttClient): Promise<void> {
    const now = new Date()
    const key = grant(this.#publisher, { area: '75', from: new Date(now.getTime() - DAY_MS) })
    const document = trustDocument('75', [key], now)
    const message = seal('trust', Buffer.from(JSON.stringify(document)), [this.#root])
    await client.publishAsync(`${ROOT}/area/75/trust`, message, { qos: 1, retain: true })
  }

  /** Signs now; the step that is left is the publishing. */
  sealed(kind: Exclude<DocumentKind, 'trust'>, area: string, rev: number, rest: Body): SealedDocument {
    const document = { kind, v: 1, area, rev, iat: new Date().toISOString(), ...rest }
    const message = seal(kind, Buffer.from(JSON.stringify(document)), [this.#publisher])
    return {
      publish: (client, topic) =>
        client.publishAsync(topic ?? `${ROOT}/area/${area}/${kind}`, message, {
          qos: 1,
          retain: topic === undefined,
        }),
    }
  }
}

export type SealedDocument = {
  /** To its own topic, retained, or to another, for somebody else. */
  readonly publish: (client: MqttClient, topic?: string) => Promise<unknown>
}
