import { type AdaKind, encodeAda, inspectAda } from '../strip/ada-frame.ts'

const ADALIGHT: AdaKind = { magic: [0x41, 0x64, 0x61], trailerBytes: 0, trailerOf: () => [] }

/** `Ada` frames, with nothing behind the data. */
export const encodeFrame = encodeAda(ADALIGHT)
export const inspectFrame = inspectAda(ADALIGHT)
