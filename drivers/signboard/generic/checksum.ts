import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import { crc16 } from '../crc16.ts'

type GenericConfig = Extract<SignConfig, { readonly driver: 'generic-serial' }>
type Kind = NonNullable<GenericConfig['checksum']>['kind']

/** CRC-16/CCITT-FALSE: polynomial 1021 from FFFF; "123456789" gives 29B1. */
const ccitt = (bytes: Uint8Array): number =>
  bytes.reduce((crc, value) => {
    let next = crc ^ (value << 8)
    for (let bit = 0; bit < 8; bit += 1) next = ((next << 1) ^ (next & 0x8000 ? 0x1021 : 0)) & 0xffff
    return next
  }, 0xffff)

const CHECKSUMS: Readonly<Record<Kind, (bytes: Uint8Array) => Uint8Array>> = {
  sum8: (bytes) => Uint8Array.of(bytes.reduce((sum, value) => (sum + value) & 0xff, 0)),
  xor8: (bytes) => Uint8Array.of(bytes.reduce((sum, value) => sum ^ value, 0)),
  'crc16-arc': (bytes) => {
    const crc = crc16(bytes)
    return Uint8Array.of(crc & 0xff, crc >> 8)
  },
  'crc16-ccitt': (bytes) => {
    const crc = ccitt(bytes)
    return Uint8Array.of(crc >> 8, crc & 0xff)
  },
}

export const checksumOf = (kind: Kind, bytes: Uint8Array): Uint8Array => CHECKSUMS[kind](bytes)
