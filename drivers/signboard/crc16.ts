const POLYNOMIAL = 0xa001
const BITS = 8

/** CRC-16/ARC: reflected 8005, begun with 0; "123456789" gives BB3D. */
export const crc16 = (bytes: Uint8Array): number => {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < BITS; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
  }
  return crc
}
