import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeMediaAnswerHeader,
  decodeMediaRequest,
  encodeMediaAnswerHeader,
  encodeMediaRequest,
  MEDIA_ANSWER_HEADER_BYTES,
  MEDIA_MISSING,
  MEDIA_REQUEST_BYTES,
} from '../../../agent/wire/playout.ts'

const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const digest = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'))

describe('the pipe between agent and playout', () => {
  it('carries a read of any file at any offset, wherever in memory it arrives', () => {
    fc.assert(
      fc.property(u32, u32, digest, fc.maxSafeNat(), fc.nat(7), (id, length, sha256, offset, shift) => {
        const bytes = encodeMediaRequest({ id, length, sha256, offset })
        expect(bytes).toHaveLength(MEDIA_REQUEST_BYTES)
        const arrived = new Uint8Array(MEDIA_REQUEST_BYTES + shift)
        arrived.set(bytes, shift)
        expect(decodeMediaRequest(arrived.subarray(shift))).toEqual({ id, length, sha256, offset })
      }),
    )
  })

  it('carries how many bytes follow, or that they are not there', () => {
    fc.assert(
      fc.property(u32, u32, (id, length) => {
        const bytes = encodeMediaAnswerHeader(id, length)
        expect(bytes).toHaveLength(MEDIA_ANSWER_HEADER_BYTES)
        expect(decodeMediaAnswerHeader(bytes)).toEqual({ id, length })
      }),
    )
    expect(decodeMediaAnswerHeader(encodeMediaAnswerHeader(1, MEDIA_MISSING)).length).toBe(MEDIA_MISSING)
  })
})
