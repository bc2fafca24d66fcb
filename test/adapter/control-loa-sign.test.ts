import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pngOf } from '../../drivers/png/png.ts'
import { fakeAgent } from '../fakes/control-handlers.ts'
import { linesOf, openLoaBench } from '../fakes/loa-bench.ts'

let bench: ReturnType<typeof openLoaBench>
beforeEach(() => {
  bench = openLoaBench()
})
afterEach(() => bench[Symbol.dispose]())

const page = (text: string, seconds = 10) => ({ text, seconds })
const schedule = {
  kind: 'schedule',
  v: 1,
  area: '75/26068',
  rev: 42,
  iat: '2026-11-22T03:00:00+07:00',
  items: [
    {
      id: 'hop-thon',
      when: { times: ['19:00:00'] },
      sign: { pages: [page('Họp thôn 19:30'), page('Mời bà con')] },
    },
    {
      id: 'so-do',
      when: { times: ['20:00:00'] },
      sign: {
        pages: [
          {
            image: { sha256: 'ab'.repeat(32), bytes: 10, format: 'png', urls: ['https://content.example/a'] },
            seconds: 5,
          },
        ],
      },
    },
  ],
}

describe('loa sign', () => {
  test('text is sent as it is written, and says how the signs are', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    const argv = [
      'sign',
      'text',
      'Họp thôn',
      '--mode',
      'scroll',
      '--color',
      'red',
      '--seconds',
      '30',
      '--sign',
      'gate,yard',
    ]
    const { code, out } = await bench.call(argv)
    expect(code).toBe(0)
    expect(agent.asked).toEqual([
      {
        verb: 'sign',
        args: {
          what: 'text',
          text: 'Họp thôn',
          mode: 'scroll',
          color: 'red',
          seconds: 30,
          signs: ['gate', 'yard'],
        },
      },
    ])
    expect(linesOf(out)).toEqual(['shown for 30 s; an alert and what plays go first', 'gate: ok'])
  })

  test('a picture is sent with its bytes, its format taken from them', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    const bytes = pngOf({ width: 2, height: 1, data: Uint8Array.of(255, 0, 0, 0, 255, 0) })
    const file = join(bench.folder, 'so-do.jpg')
    writeFileSync(file, bytes)
    expect((await bench.call(['sign', 'image', file])).code).toBe(0)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(agent.asked).toEqual([
      {
        verb: 'sign',
        args: { what: 'image', file: { sha256, bytes: bytes.length, format: 'png', name: 'so-do.jpg' } },
      },
    ])
    expect(Buffer.concat(agent.received)).toEqual(Buffer.from(bytes))
  })

  test('test and clear', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    expect((await bench.call(['sign', 'test'])).code).toBe(0)
    expect((await bench.call(['sign', 'clear'])).out).toContain('taken off: 2')
    expect(agent.asked.map(({ args }) => args)).toEqual([{ what: 'test' }, { what: 'clear' }])
  })

  test('exits 1 when no sign that was meant works', async () => {
    const agent = fakeAgent({
      sign: { answer: () => ({ item: 'local-1', seconds: 60, signs: { gate: 'fault' } }) },
    })
    await using _server = await bench.serve(agent.handlers)
    expect((await bench.call(['sign', 'text', 'a'])).code).toBe(1)
  })

  test.each([
    [['sign']],
    [['sign', 'shout', 'a']],
    [['sign', 'text']],
    [['sign', 'text', 'a', 'b']],
    [['sign', 'text', 'a', '--mode', 'roll']],
    [['sign', 'text', 'a', '--color', 'reddish']],
    [['sign', 'image', '/nowhere/x.png']],
    [['sign', 'image', '/proc/self/cmdline']],
    [['sign', 'preview']],
    [['sign', 'preview', 'a', '--size', '0x16']],
    [['sign', 'preview', 'a', '--size', '64x']],
    [['sign', 'preview', 'a', '--size', '9999x16']],
    [['sign', 'preview', 'a', '--schedule', 'x.json']],
  ])('%j is wrong usage', async (argv) => {
    const { code, err } = await bench.call(argv)
    expect(code).toBe(2)
    expect(err).toContain('loa help sign')
  })

  test('is not running: 3, but a preview needs no agent', async () => {
    expect((await bench.call(['sign', 'text', 'a'])).code).toBe(3)
    expect((await bench.call(['sign', 'preview', 'a'])).code).toBe(0)
  })
})

describe('loa sign preview', () => {
  test('shows the panel in half blocks, at most as wide as the terminal', async () => {
    const { code, out } = await bench.call(['sign', 'preview', 'Họp'])
    expect(code).toBe(0)
    const lines = linesOf(out)
    expect(lines[0]).toBe('Họp')
    expect(lines).toHaveLength(1 + 10)
    expect(lines.slice(1).every((line) => line.length === 66)).toBe(true)
    expect(lines.slice(2, 10).join('')).toMatch(/[▀▄█]/)
    const wide = linesOf((await bench.call(['sign', 'preview', 'Họp', '--size', '320x160'])).out)
    expect(Math.max(...wide.map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  test('says what is not shown as asked', async () => {
    const { out } = await bench.call(['sign', 'preview', 'lũ 😀', '--size', '64x8'])
    expect(out).toContain('letters are shown without their marks')
    const vi = await bench.call(['sign', 'preview', '😀', '--lang', 'vi'])
    expect(vi.out).toContain('không có chữ này trong phông, hiện ô vuông: 😀')
  })

  test('writes a PNG with round dots of the asked colour', async () => {
    const png = join(bench.folder, 'p.png')
    const argv = ['sign', 'preview', 'Họp', '--size', '64x16', '--color', 'lime', '--png', png]
    expect((await bench.call(argv)).code).toBe(0)
    const { width, height, data } = decode(readFileSync(png))
    expect([width, height]).toEqual([64 * 8 + 16, 16 * 8 + 8 + 8 + 20])
    let lime = 0
    for (let i = 0; i < data.length; i += 3)
      if (data[i] === 0 && data[i + 1] === 255 && data[i + 2] === 0) lime += 1
    expect(lime).toBeGreaterThan(1000)
  })

  test('makes a contact sheet of all pages of a schedule, bare or signed, pictures by their names', async () => {
    const [bare, signed, png] = ['s.json', 's.jws', 's.png'].map((name) => join(bench.folder, name))
    if (bare === undefined || signed === undefined || png === undefined) throw new Error('no folder')
    writeFileSync(bare, JSON.stringify(schedule))
    writeFileSync(signed, `e30.${Buffer.from(JSON.stringify(schedule)).toString('base64url')}.AA\n`)
    const sheets = []
    for (const file of [bare, signed]) {
      const { code, out } = await bench.call(['sign', 'preview', '--schedule', file, '--png', png])
      expect([code, out]).toEqual([0, `${png}: pages: 3\n`])
      sheets.push(createHash('sha256').update(readFileSync(png)).digest('hex'))
    }
    expect(sheets[0]).toBe(sheets[1])
    const { out } = await bench.call(['sign', 'preview', '--schedule', bare, '--json'])
    expect(JSON.parse(out)).toMatchObject({
      size: { width: 64, height: 16 },
      pages: [{ label: 'hop-thon 1 (10 s)' }, { label: 'hop-thon 2 (10 s)' }, { text: '[image abababab]' }],
    })
  })

  test('a schedule that is not valid is named with the path of its fault', async () => {
    const file = join(bench.folder, 's.json')
    writeFileSync(file, JSON.stringify({ ...schedule, rev: 'x' }))
    const { code, err } = await bench.call(['sign', 'preview', '--schedule', file])
    expect(code).toBe(1)
    expect(err).toContain('rev')
  })
})
