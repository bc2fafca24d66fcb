import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { darkPage, layTextPage } from '../../../agent/core/sign/page.ts'
import { epochMs } from '../../../agent/core/time.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import { openVirtualSignboard } from '../../../drivers/signboard/virtual/virtual-signboard.ts'

const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))
const SIZE = { id: 'gate', width: 64, height: 16 } as const

type Line = { readonly at: string; readonly id: string; readonly png: string; readonly text: string }

describe('the virtual sign', () => {
  let folder = ''
  let trace = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loa-sign-'))
    trace = join(folder, 'signs.jsonl')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const open = (color: 'rgb' | 'mono' = 'rgb') =>
    openVirtualSignboard({ ...SIZE, driver: 'virtual', trace, color }, () => NOW)
  const showText = (sign: Signboard, text: string, index = 0): void => {
    const page = layTextPage({ text, seconds: 10, mode: 'scroll', color: 'red' }, sign)
    sign.show(page.draw(index), page.text)
  }
  const lines = async (): Promise<readonly Line[]> => {
    const text = await readFile(trace, 'utf8')
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  test('each change of page is one line: when, which sign, a picture, the whole text; empty when cleared', async () => {
    const sign = await open()
    sign.show(darkPage(SIZE).draw(0), '')
    for (const index of [0, 1, 2, 3]) showText(sign, 'Họp thôn 19:30 tối nay', index)
    sign.show(darkPage(SIZE).draw(0), '')
    await sign[Symbol.asyncDispose]()
    const png = (name: string) => join(folder, 'gate-pages', name)
    expect(await lines()).toEqual([
      { at: '2026-11-22T03:00:00.000Z', id: 'gate', png: png('000001.png'), text: 'Họp thôn 19:30 tối nay' },
      { at: '2026-11-22T03:00:00.000Z', id: 'gate', png: png('000002.png'), text: '' },
    ])
  })

  test('the picture shows the panel as dots of 8 x 8 pixels', async () => {
    const sign = await open()
    showText(sign, 'I')
    await sign[Symbol.asyncDispose]()
    const { width, height, data } = decode(await readFile(join(folder, 'gate-pages', '000001.png')))
    expect([width, height]).toEqual([512, 128])
    const middle = (x: number, y: number) => [
      ...data.subarray(((y * 8 + 4) * 512 + x * 8 + 4) * 3).subarray(0, 3),
    ]
    expect(middle(4, 5)).toEqual([255, 0, 0])
    expect(middle(40, 5)).toEqual([34, 32, 30])
  })

  test('a panel of one colour shows that colour', async () => {
    const sign = await open('mono')
    showText(sign, 'I')
    await sign[Symbol.asyncDispose]()
    const { data } = decode(await readFile(join(folder, 'gate-pages', '000001.png')))
    expect([...data.subarray(((5 * 8 + 4) * 512 + 4 * 8 + 4) * 3).subarray(0, 3)]).toEqual([255, 191, 0])
  })

  test('the last hundred pictures are kept, and numbers go on after a restart', async () => {
    const first = await open()
    for (let i = 1; i <= 103; i += 1) showText(first, `trang ${i}`)
    await first[Symbol.asyncDispose]()
    const second = await open()
    showText(second, 'sau khi khởi động lại')
    await second[Symbol.asyncDispose]()
    const names = (await readdir(join(folder, 'gate-pages'))).sort()
    expect(names).toHaveLength(100)
    expect([names[0], names.at(-1)]).toEqual(['000005.png', '000104.png'])
  }, 30_000)

  test('a trace that cannot be written is a fault of the sign', async () => {
    await writeFile(join(folder, 'gate-pages'), 'in the way of the folder')
    const sign = await open()
    showText(sign, 'a')
    await sign[Symbol.asyncDispose]()
    expect(sign.health.ok).toBe(false)
  })

  test('without a trace file it works and writes nothing', async () => {
    const sign = await openVirtualSignboard({ ...SIZE, driver: 'virtual', color: 'rgb' }, () => NOW)
    showText(sign, 'a')
    await sign[Symbol.asyncDispose]()
    expect(sign.health.ok).toBe(true)
    expect(await readdir(folder)).toEqual([])
  })
})
