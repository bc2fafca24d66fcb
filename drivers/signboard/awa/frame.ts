import { type AdaKind, encodeAda, inspectAda } from '../strip/ada-frame.ts'

const MODULUS = 255
/** The third sum may not look like the beginning of a frame. */
const [LOOKS_LIKE_A, INSTEAD] = [0x41, 0xaa]

/**
 * Two Fletcher sums and one over the data mixed with their positions, which begin anew every 256 bytes.
 * @see awawa-dev/HyperSerialESP32 include/framestate.h
 */
const sumsOf = (data: Uint8Array): readonly [number, number, number] => {
  let [first, second, mixed] = [0, 0, 0]
  for (const [position, value] of data.entries()) {
    first = (first + value) % MODULUS
    second = (second + first) % MODULUS
    mixed = (mixed + (value ^ (position & 0xff))) % MODULUS
  }
  return [first, second, mixed === LOOKS_LIKE_A ? INSTEAD : mixed]
}

/**
 * As Adalight, with the magic `Awa` and three sums behind the data, so that a spoilt frame is not shown.
 * @see HyperHDR sources/led-drivers/serial/DriverSerialAdalight.cpp
 */
const AWA: AdaKind = { magic: [0x41, 0x77, 0x61], trailerBytes: 3, trailerOf: sumsOf }

export const encodeFrame = encodeAda(AWA)
export const inspectFrame = inspectAda(AWA)
