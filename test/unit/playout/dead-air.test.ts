import { describe, expect, it } from 'vitest'
import { DeadAir } from '../../../agent/playout/dead-air.ts'

const BLOCK = 4800
const block = (value: number): Int16Array => new Int16Array(BLOCK).fill(value)
/** Tenths of a second of silence until the air counts as dead. */
const tenthsUntilDead = (air: DeadAir): number => {
  for (let tenths = 1; tenths < 1000; tenths += 1) if (air.hear(block(20), 1)) return tenths
  return Number.NaN
}

describe('dead air', () => {
  it('is found out after three seconds where there was sound', () => {
    const air = new DeadAir()
    expect(air.hear(block(2000), 1)).toBe(false)
    expect(tenthsUntilDead(air)).toBe(31)
  })

  it('is found out after twenty where there was none', () => {
    const air = new DeadAir()
    expect(tenthsUntilDead(air)).toBe(201)
    expect(tenthsUntilDead(air)).toBe(201)
  })

  it('counts from the last sound, and a pause of speech or music is none', () => {
    const air = new DeadAir()
    for (let round = 0; round < 20; round += 1) {
      air.hear(block(2000), 1)
      for (let tenths = 0; tenths < 28; tenths += 1) expect(air.hear(block(0), 1)).toBe(false)
    }
  })
})
