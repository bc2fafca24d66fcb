import { createHmac, timingSafeEqual } from 'node:crypto'
import { plainCode } from '../../core/enrolment/code.ts'

/** What only somebody who knows the code can say of a text: HMAC-SHA256, base64url. */
export const macOf = (code: string, text: string): string =>
  createHmac('sha256', plainCode(code) ?? '')
    .update(text)
    .digest('base64url')

export const isMacOf = (code: string, text: string, mac: string): boolean => {
  const [expected, given] = [Buffer.from(macOf(code, text)), Buffer.from(mac)]
  return plainCode(code) !== undefined && expected.length === given.length && timingSafeEqual(expected, given)
}
