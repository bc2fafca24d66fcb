import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { readBdf } from './bdf.ts'
import { compile, type Ranges } from './compile.ts'
import { type PcfFont, readPcf } from './pcf.ts'
import { FALLBACK, LATIN, PLAIN_LATIN } from './ranges.ts'

/**
 * Compiles fonts of Debian packages into the modules that the agent carries: `apt-get install xfonts-base xfonts-unifont
 * fonts-noto-core otf2bdf`, then `node scripts/fonts/main.ts`. Run it again after a change here; its output is checked in,
 * so that building needs no font package.
 */

const MISC = '/usr/share/fonts/X11/misc'
const PUBLIC_DOMAIN =
  'Its licence, from the COPYRIGHT property of the font: "Public domain font.  Share and enjoy."'
const OFL = 'SIL Open Font License 1.1: see ../licences/OFL-1.1.txt.'

type Source = {
  readonly constant: string
  readonly name: string
  readonly target: string
  readonly debianPackage: string
  readonly licence: string
  readonly ranges: Ranges
  readonly read: () => Promise<PcfFont>
}

const pcf = (file: string) => async (): Promise<PcfFont> =>
  readPcf(gunzipSync(await readFile(`${MISC}/${file}.pcf.gz`)))

/** Noto Sans as FreeType draws it in one bit at 24 pixels: 25 rows above the baseline, 6 below. */
const noto = async (): Promise<PcfFont> => {
  const file = '/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf'
  const options = { encoding: 'latin1', maxBuffer: 64 * 1024 * 1024 } as const
  // otf2bdf exits with 8 when all went well.
  const { stdout } = await promisify(execFile)('otf2bdf', ['-p', '24', '-r', '72', file], options).catch(
    (thrown: { readonly code?: unknown; readonly stdout?: string }) => {
      if (thrown.code !== 8 || thrown.stdout === undefined) throw thrown
      return { stdout: thrown.stdout }
    },
  )
  return readBdf(stdout, 25, 31)
}

const fixed = (size: string, ranges: Ranges): Source => ({
  constant: `FIXED_${size.toUpperCase()}`,
  name: `misc-fixed ${size}`,
  target: `fixed-${size}`,
  debianPackage: 'xfonts-base',
  licence: PUBLIC_DOMAIN,
  ranges,
  read: pcf(size),
})

const SOURCES: readonly Source[] = [
  fixed('5x7', PLAIN_LATIN),
  fixed('7x13', LATIN),
  fixed('9x15', LATIN),
  fixed('10x20', LATIN),
  {
    constant: 'NOTO_24',
    name: 'Noto Sans 24',
    target: 'noto-24',
    debianPackage: 'fonts-noto-core',
    licence: OFL,
    ranges: LATIN,
    read: noto,
  },
  {
    constant: 'UNIFONT',
    name: 'GNU Unifont',
    target: 'unifont',
    debianPackage: 'xfonts-unifont',
    licence: OFL,
    ranges: FALLBACK,
    read: pcf('unifont'),
  },
]

const moduleText = (
  { constant, name, debianPackage, licence }: Source,
  ascent: number,
  data: Buffer,
): string => `import type { CompiledFont } from '../../font.ts'

/**
 * ${name}, a subset. Made by scripts/fonts from Debian's ${debianPackage}; do not edit.
 * ${licence}
 */
export const ${constant}: CompiledFont = {
  name: '${name}',
  ascent: ${ascent},
  data: () =>
    '${data.toString('base64')}',
}
`

for (const source of SOURCES) {
  const font = await source.read()
  const data = compile(font, source.ranges)
  const target = `agent/core/sign/fonts/generated/${source.target}.ts`
  await writeFile(target, moduleText(source, font.ascent, data))
  process.stdout.write(`${target}: ${data.readUInt16BE(2)} glyphs, ${data.length} bytes\n`)
}
