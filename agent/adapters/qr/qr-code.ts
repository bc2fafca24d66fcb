import { encode } from 'uqr'
import type { QrCode } from '../../core/sign/qr-page.ts'

/** The smallest QR code of a text, with correction of about 15 % of it. */
export const createQrCode = (text: string): QrCode => {
  const { size, data } = encode(text, { ecc: 'M', border: 0 })
  return { size, dark: data.flat() }
}
