import type { VerifyReport } from '../core/verify-report.ts'
import { verifyMessage } from '../services/verify.ts'
import { claimed } from '../wire/claimed.ts'
import type { Upstream } from './upstream.ts'

/** `loa verify`: a message judged as if it came now. */
export const createVerifier =
  ({ config, intake, codec, crypto, clock, time, topics, boot }: Upstream) =>
  (message: Uint8Array): VerifyReport =>
    verifyMessage(
      {
        judge: intake.judge,
        codec,
        crypto,
        clock,
        time,
        signatures: config.security.signatures,
        claimed,
        topicOf: topics.belonging,
        device: config.device.id,
        deviceArea: `${config.device.province}/${config.device.commune}`,
        boot,
      },
      message,
    )
