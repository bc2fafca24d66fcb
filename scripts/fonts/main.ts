import { readFile, writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { type PcfFont, type PcfGlyph, readPcf } from './pcf.ts'

/**
 * Compiles the bitmap fonts of Debian's `xfonts-base` into the modules that the agent carries.
 * Run it again after a change here; its output is checked in, so that building needs no font package.
 */

const SOURCES = [
  {
    constant: 'FIXED_9X15',
    name: 'misc-fixed 9x15',
    source: '/usr/share/fonts/X11/misc/9x15.pcf.gz',
    target: 'agent/core/sign/fonts/generated/fixed-9x15.ts',
  },
] as const

/** Latin with everything Vietnamese and the minority languages in Latin script write, punctuation, signs. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x2b0, 0x36f],
  [0x1e00, 0x1eff],
  [0x2010, 0x205e],
  [0x2070, 0x20af],
  [0x2100, 0x215f],
  [0x2190, 0x21ff],
  [0x25a0, 0x25ff],
  [0xfffd, 0xfffd],
]

const compile = (font: PcfFont): Buffer => {
  const wanted = font.glyphs
    .filter(({ codePoint }) => RANGES.some(([from, to]) => codePoint >= from && codePoint <= to))
    .sort((a, b) => a.codePoint - b.codePoint)
  const header = Buffer.from([font.cellWidth, font.height, wanted.length >> 8, wanted.length & 0xff])
  const codePoints = Buffer.alloc(wanted.length * 4)
  wanted.forEach((glyph, i) => {
    codePoints.writeUInt32BE(glyph.codePoint, i * 4)
  })
  return Buffer.concat([header, codePoints, ...wanted.map(packGlyph)])
}

const packGlyph = (glyph: PcfGlyph): Buffer => {
  const rowBytes = Math.ceil(glyph.width / 8)
  const packed = Buffer.alloc(1 + rowBytes * glyph.rows.length)
  packed.writeUInt8(glyph.width, 0)
  glyph.rows.forEach((row, y) => {
    packed.writeUIntBE(row * 2 ** (rowBytes * 8 - glyph.width), 1 + y * rowBytes, rowBytes)
  })
  return packed
}

const moduleText = (
  constant: string,
  name: string,
  data: Buffer,
): string => `import type { CompiledFont } from '../../font.ts'

/**
 * X11 ${name} (ISO10646-1), a subset. Made by scripts/fonts from Debian's xfonts-base; do not edit.
 * Its licence, from the COPYRIGHT property of the font: "Public domain font.  Share and enjoy."
 */
export const ${constant}: CompiledFont = {
  name: '${name}',
  data: '${data.toString('base64')}',
}
`

for (const { constant, name, source, target } of SOURCES) {
  const data = compile(readPcf(gunzipSync(await readFile(source))))
  await writeFile(target, moduleText(constant, name, data))
  process.stdout.write(`${target}: ${data.readUInt16BE(2)} glyphs, ${data.length} bytes\n`)
}
