import { describe, expect, it } from 'vitest'
import { createCryptography } from '../../../agent/adapters/crypto/node-cryptography.ts'

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const crypto = createCryptography()

/** RFC 8032, section 7.1, test 3. */
const X = Buffer.from('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'hex').toString(
  'base64url',
)
const DATA = hex('af82')
const SIGNATURE = hex(
  '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
)

describe('cryptography', () => {
  it('verifies the test vector of RFC 8032', () => {
    expect(crypto.verifyEd25519(X, DATA, SIGNATURE)).toBe(true)
    expect(crypto.verifyEd25519(X, DATA, SIGNATURE)).toBe(true)
  })

  it('says false for other data, signatures and keys, whatever their form', () => {
    const flipped = SIGNATURE.slice()
    flipped[0] = (flipped[0] ?? 0) ^ 1
    expect(crypto.verifyEd25519(X, hex('af83'), SIGNATURE)).toBe(false)
    expect(crypto.verifyEd25519(X, DATA, flipped)).toBe(false)
    for (const length of [0, 63, 65])
      expect(crypto.verifyEd25519(X, DATA, new Uint8Array(length))).toBe(false)
    for (const x of ['', 'x', `${X}=`, X.slice(1), `${'A'.repeat(43)}`, '_'.repeat(42).concat('8')])
      expect(crypto.verifyEd25519(x, DATA, SIGNATURE)).toBe(false)
  })

  it('goes on verifying after more keys than it keeps', () => {
    for (let n = 0; n < 100; n++) {
      const x = Buffer.alloc(32, n).toString('base64url')
      expect(crypto.verifyEd25519(x, DATA, SIGNATURE)).toBe(false)
    }
    expect(crypto.verifyEd25519(X, DATA, SIGNATURE)).toBe(true)
  })

  it('digests bytes and text alike', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(crypto.sha256Hex('abc')).toBe(abc)
    expect(crypto.sha256Hex(hex('616263'))).toBe(abc)
  })

  it('gives as many random bytes as asked, never the same', () => {
    expect(crypto.randomHex(16)).toMatch(/^[0-9a-f]{32}$/)
    expect(crypto.randomHex(16)).not.toBe(crypto.randomHex(16))
  })
})
