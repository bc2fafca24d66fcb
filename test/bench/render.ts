import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { layTextPage } from '../../agent/core/sign/page.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { median, quantile } from './parts/statistics.ts'

type Size = {
  readonly width: number
  readonly height: number
  readonly text: string
  readonly points: number
}

const NOTICE =
  'Họp thôn lúc 19 giờ 30 tối nay tại nhà văn hóa. Kính mời bà con có mặt đầy đủ, đúng giờ. Nội dung gồm phòng chống lũ, vệ sinh đường làng, quỹ khuyến học.'
const SIZES: readonly Size[] = [
  { width: 64, height: 16, text: 'Họp thôn', points: 12 },
  { width: 320, height: 160, text: NOTICE, points: 15 },
]
const IMAGE_MAGICK = 'convert'
const FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'
const GOAL_RATIO = 50
const GOAL_MB = 5

const timed = (runs: number, work: () => void): readonly number[] =>
  Array.from({ length: runs }, () => {
    const begun = performance.now()
    work()
    return performance.now() - begun
  })

const ours = ({ width, height, text }: Size) => {
  const panel = { width, height, framesPerSecond: 30 }
  return (): void => {
    layTextPage({ text, seconds: 10 }, panel).draw(0)
  }
}

const ffmpeg = ({ width, height, text, points }: Size) => {
  const drawn = `drawtext=fontfile=${FONT}:fontsize=${points}:fontcolor=orange:text='${text}'`
  const argv = [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=black:s=${width}x${height}`, '-vf', drawn],
    ...['-frames:v', '1', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'],
  ]
  return (): void => {
    execFileSync('ffmpeg', argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  }
}

const imageMagick = ({ width, height, text, points }: Size) => {
  const argv = [
    ...['-background', 'black', '-fill', 'orange', '-font', FONT, '-pointsize', String(points)],
    ...['-size', `${width}x${height}`, `caption:${text}`, 'rgb:-'],
  ]
  return (): void => {
    execFileSync(IMAGE_MAGICK, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  }
}

const hasFilter = (): boolean =>
  spawnSync('ffmpeg', ['-hide_banner', '-filters'], { encoding: 'utf8' }).stdout.includes('drawtext')
const hasImageMagick = (): boolean => spawnSync(IMAGE_MAGICK, ['-version']).status === 0

const ms = (value: number): string => `${value.toFixed(3)} ms`

const rowsFor = (size: Size, quick: boolean): readonly (readonly string[])[] => {
  const page = `${size.width} x ${size.height}`
  const own = ours(size)
  timed(20, own)
  const mine = timed(quick ? 50 : 1000, own)
  const peers = [
    { name: 'ffmpeg drawtext', packageName: 'ffmpeg', there: hasFilter(), work: ffmpeg(size) },
    {
      name: 'ImageMagick caption',
      packageName: 'imagemagick',
      there: hasImageMagick(),
      work: imageMagick(size),
    },
  ]
  const theirs = peers.map(({ name, packageName, there, work }): readonly string[] => {
    if (!there || !existsSync(FONT))
      return [page, name, 'SKIP', '', '', `apt-get install ${packageName} fonts-dejavu-core`]
    const values = timed(quick ? 3 : 30, work)
    const ratio = median(values) / median(mine)
    const met = ratio >= GOAL_RATIO ? 'met' : 'NOT met'
    return [
      page,
      name,
      ms(median(values)),
      ms(quantile(values, 1)),
      ratio.toFixed(0),
      `${GOAL_RATIO}: ${met}`,
    ]
  })
  return [[page, 'loa-agent', ms(median(mine)), ms(quantile(mine, 1)), '1', ''], ...theirs]
}

/** What is shown in a Node of its own, whose private memory is looked at before the first glyph and after the last. */
type Load = { readonly name: string; readonly heights: readonly number[]; readonly texts: readonly string[] }

const LOADS: readonly Load[] = [
  { name: 'memory, two signs', heights: [16, 160], texts: [NOTICE, 'Ẩm ướt ê\u0306 ơ\u0306', 'ꪼꪕ ꪒꪱ'] },
  {
    name: 'memory, every face, Khmer too',
    heights: [8, 14, 16, 24, 32, 64, 160],
    texts: [NOTICE, 'Ẩm ướt ê\u0306 ơ\u0306', 'ꪼꪕ ꪒꪱ', 'សូមជម្រាបសួរបងប្អូន'],
  },
]

const BUILT = join(import.meta.dirname, '../../dist/agent/core')
/** What an agent has done long before a page comes: its compiler has run, its heap has grown and been swept. */
const WORK = `
const { createZone } = await import(${JSON.stringify(join(BUILT, 'schedule/zone.js'))})
const zone = createZone('Asia/Ho_Chi_Minh')
for (let i = 0; i < 60000; i += 1) { zone.localTime(1.7e12 + i * 6e4); JSON.parse(JSON.stringify({ a: i, b: [i, 'x' + i] })) }
`

const memoryScript = ({ heights, texts }: Load, work: string): string => `
import { readFileSync } from 'node:fs'
const anonymous = () => { gc(); gc(); return Number(/^Anonymous:\\s+(\\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))[1]) / 1024 }
await import(${JSON.stringify(join(BUILT, 'schedule/plan.js'))})
${work}
const before = anonymous()
const { layTextPage } = await import(${JSON.stringify(join(BUILT, 'sign/page.js'))})
for (const height of ${JSON.stringify(heights)})
  for (const text of ${JSON.stringify(texts)}) for (const mode of ['still', 'scroll'])
    layTextPage({ text, mode, seconds: 10 }, { width: height * 4, height, framesPerSecond: 30 }).draw(0)
process.stdout.write(String(anonymous() - before))
`

const memoryRow = (load: Load, work: string): readonly string[] => {
  const argv = [
    '--expose-gc',
    '--max-semi-space-size=1',
    '--input-type=module',
    '-e',
    memoryScript(load, work),
  ]
  const looks = Array.from({ length: 7 }, () =>
    Number(execFileSync(process.execPath, argv, { encoding: 'utf8' })),
  )
  const [added, most] = [median(looks), quantile(looks, 1)]
  const met = added <= GOAL_MB ? 'met' : 'NOT met'
  const mb = (value: number): string => `${value.toFixed(1)} MB`
  const name = work === '' ? `${load.name}, Node just started` : load.name
  return [name, 'loa-agent', mb(added), mb(most), '', `${GOAL_MB} MB: ${met}`]
}

const measure = async (quick: boolean): Promise<Section> => ({
  head: ['page', 'by', 'median', 'largest', 'times ours', 'goal'],
  rows: [
    ...SIZES.flatMap((size) => rowsFor(size, quick)),
    ...LOADS.flatMap((load) => [memoryRow(load, WORK), memoryRow(load, '')]),
  ],
  method:
    'One page from its text to RGB888 pixels: prepared, fitted, wrapped, drawn. The peers are what a board could call instead, one process a page, as drivers of signs do; most of their time is their start. ' +
    'Memory: private memory (smaps_rollup, Anonymous) that loading the text modules, laying out pages and drawing them, still and scrolling, Tai Viet and marks over letters among them, adds to a Node of its own that runs the built agent: one that has been at work as an agent has, and one that has done nothing before, where what the compiler and the regular expressions take for the first time is counted too. Khmer takes the word lists of ICU, that is where its lines may end. Median and largest of 7.',
})

export const render: NamedBench = { title: 'Rendering of sign text', run: measure }
