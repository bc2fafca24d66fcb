import { createCryptography } from '../../../agent/adapters/crypto/node-cryptography.ts'
import type { VerifyReport } from '../../../agent/core/verify-report.ts'
import { verifyMessage } from '../../../agent/services/verify.ts'
import { claimed } from '../../../agent/wire/claimed.ts'
import { createTopics } from '../../../agent/wire/topics.ts'
import { codecFor, type Desk } from './desk.ts'

export const BOOT = '00112233445566778899aabbccddeeff'

/** What the device of this desk answers to `loa verify`. */
export const askerOf = (desk: Desk, device: string, signatures: 'required' | 'off' = 'required') => {
  const topics = createTopics({ root: 'loa/v1', province: '75', commune: '26068', id: device })
  return (message: Uint8Array | string): VerifyReport =>
    verifyMessage(
      {
        judge: desk.intake.judge,
        codec: codecFor(signatures),
        crypto: createCryptography(),
        clock: desk.clock,
        time: desk.time,
        signatures,
        claimed,
        topicOf: topics.belonging,
        device,
        deviceArea: '75/26068',
        boot: BOOT,
      },
      typeof message === 'string' ? Buffer.from(message) : message,
    )
}
