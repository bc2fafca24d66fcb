import { expect, test } from 'vitest'
import { darkRaster } from '../../../agent/core/sign/raster.ts'
import { shrink } from '../../../agent/core/sign/shrink.ts'

test('a panel that fits stays as it is', () => {
  const panel = darkRaster({ width: 8, height: 4 })
  expect(shrink(panel, 8, 4)).toBe(panel)
})

test('a larger one is shrunk by a whole number, and no lit LED is lost', () => {
  const panel = darkRaster({ width: 9, height: 4 })
  panel.rgb.set([1, 2, 3], (3 * 9 + 8) * 3)
  panel.rgb.set([9, 9, 9], (1 * 9 + 1) * 3)
  const small = shrink(panel, 5, 100)
  expect([small.width, small.height]).toEqual([5, 2])
  const lit = Array.from({ length: 10 }, (_, i) => [...small.rgb.subarray(i * 3, i * 3 + 3)].join())
  expect(lit).toEqual(['9,9,9', ...Array(8).fill('0,0,0'), '1,2,3'])
  expect(shrink(panel, 100, 1).height).toBe(1)
})
