import { describe, expect, test } from 'vitest'
import { colorOf } from '../../../agent/core/sign/color.ts'

describe('colours of pages', () => {
  test.each([
    ['amber', [255, 191, 0]],
    ['Red', [255, 0, 0]],
    ['rebeccapurple', [102, 51, 153]],
    ['#0a0B0c', [10, 11, 12]],
  ])('%s is known', (name, rgb) => {
    expect(colorOf(name)).toEqual(rgb)
  })

  test.each(['', '#12345', '#1234567', 'reddish', 'constructor', '#ggg000'])('%s is none', (name) => {
    expect(colorOf(name)).toBeUndefined()
  })
})
