import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createFont } from '../../../agent/core/sign/font.ts'
import { FIXED_9X15 } from '../../../agent/core/sign/fonts/generated/fixed-9x15.ts'
import { readPcf } from '../../../scripts/fonts/pcf.ts'

const SOURCE = '/usr/share/fonts/X11/misc/9x15.pcf.gz'

if (!existsSync(SOURCE)) process.stderr.write('SKIP the compiled font: xfonts-base is not installed\n')

test.skipIf(!existsSync(SOURCE))('every compiled glyph is that of the font package, pixel by pixel', () => {
  const source = readPcf(gunzipSync(readFileSync(SOURCE)))
  const font = createFont(FIXED_9X15)
  expect([font.cellWidth, font.height]).toEqual([source.cellWidth, source.height])
  let compared = 0
  for (const { codePoint, width, rows } of source.glyphs) {
    const glyph = font.glyphOf(codePoint)
    if (glyph === undefined) continue
    expect({ codePoint, width: glyph.width, rows: [...glyph.rows] }).toEqual({
      codePoint,
      width,
      rows: [...rows],
    })
    compared += 1
  }
  expect(compared).toBeGreaterThan(1200)
})
