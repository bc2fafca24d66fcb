import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newCode, newId } from '../../../scripts/provisioning/identity.ts'

describe('identities of receivers', () => {
  it('are of letters that nobody mistakes for others', () => {
    expect(newId('26068', new Set(), randomBytes)).toMatch(/^d-[2-9a-hjkmnp-z]{8}$/)
    expect(newCode(randomBytes)).toMatch(/^([2-9A-HJKMNP-Z]{5}-){3}[2-9A-HJKMNP-Z]{5}$/)
  })

  it('are none of those that were given out, and name no commune', () => {
    const rounds = [0, 0, 1].map((byte) => Buffer.alloc(8, byte))
    expect(newId('26068', new Set(['d-22222222']), () => rounds.shift() ?? Buffer.alloc(8, 9))).toBe(
      'd-33333333',
    )
    const first = [Buffer.alloc(8, 0), Buffer.alloc(8, 3)]
    expect(newId('22222', new Set(), () => first.shift() ?? Buffer.alloc(0))).toBe('d-55555555')
  })

  it('takes no byte that would make some letters likelier', () => {
    const bytes = [Buffer.alloc(8, 255), Buffer.alloc(8, 248), Buffer.alloc(8, 247)]
    expect(newId('26068', new Set(), () => bytes.shift() ?? Buffer.alloc(0))).toBe('d-zzzzzzzz')
  })
})
