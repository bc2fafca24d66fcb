import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readCsv } from '../../scripts/provisioning/csv.ts'

const PROGRAM = join(import.meta.dirname, '../../scripts/provision')
const LABELS = Array.from({ length: 30 }, (_, i) => `Nhà văn hóa ấp Đông Hưng Thuận ${i + 1}`)
const COMMON =
  'brokers: ["mqtts://broker.example:8883"]\nca: ca.pem\ncontent: { allow: ["https://content.example/"] }\n'
const CA = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

const folder = mkdtempSync(join(tmpdir(), 'loa-provision-'))
const at = (...names: readonly string[]): string => join(folder, ...names)
afterAll(() => rmSync(folder, { recursive: true }))

type Ended = { readonly code: number; readonly said: string }
const provision = async (...args: readonly string[]): Promise<Ended> => {
  try {
    const { stdout } = await promisify(execFile)(PROGRAM, ['--common', at('common.yaml'), ...args])
    return { code: 0, said: stdout }
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string }
    return { code, said: stderr }
  }
}
const listOf = (name: string, rows: readonly string[]): string => {
  writeFileSync(at(name), `\uFEFFprovince;commune;label;board\r\n${rows.map((row) => `${row}\r\n`).join('')}`)
  return at(name)
}
const fields = (file: string): readonly (readonly string[])[] =>
  readCsv(readFileSync(at(file), 'utf8'))
    .slice(1)
    .map((row) => row.fields)
/** A program that is not everywhere; what it would have shown is then not shown, and said so. */
const output = (program: string, ...args: readonly string[]): string | undefined => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    console.warn(`SKIP: there is no ${program}`)
    return undefined
  }
}

describe('thirty cards of one list', () => {
  beforeAll(async () => {
    writeFileSync(at('common.yaml'), COMMON)
    writeFileSync(at('ca.pem'), CA)
    const list = listOf(
      'list.csv',
      LABELS.map((label) => `75;26068;${label};rpi-3b-plus`),
    )
    expect(await provision('--csv', list, '--out', at('day-1'))).toMatchObject({ code: 0 })
  })

  it('have thirty ids, thirty codes, and each a loa.yaml with what is its own and what is alike', () => {
    const ids = readdirSync(at('day-1/cards'))
    const files = ids.map((id) => parse(readFileSync(at('day-1/cards', id, 'loa.yaml'), 'utf8')))
    expect(new Set(ids).size).toBe(30)
    expect(new Set(files.map(({ code }) => code)).size).toBe(30)
    for (const [i, file] of files.entries())
      expect(file).toEqual({
        ...{ id: ids[i], place: { province: '75', commune: '26068' }, board: 'rpi-3b-plus', ca: CA },
        ...{ brokers: ['mqtts://broker.example:8883'], content: { allow: ['https://content.example/'] } },
        code: expect.stringMatching(/^\w{5}-\w{5}-\w{5}-\w{5}$/),
      })
    expect(readFileSync(at('day-1/cards', ids[0] ?? '', 'board.txt'), 'utf8')).toContain('gpio=17=op,dl\n')
  })

  it('are told to the province by codes that only the owner reads, and to people without them', () => {
    const codes = fields('day-1/codes.csv')
    const summary = fields('day-1/summary.csv')
    expect(codes.map(([id]) => id)).toEqual(summary.map(([id]) => id))
    expect(summary.map(([, , , label]) => label)).toEqual(LABELS)
    const text = readFileSync(at('day-1/summary.csv'), 'utf8')
    for (const [id = '', , , code = '-', expires] of codes) {
      expect(text).not.toContain(code)
      expect(JSON.parse(readFileSync(at('day-1/enrol', `${id}.json`), 'utf8'))).toEqual({ code, expires })
    }
    for (const name of ['codes.csv', ...readdirSync(at('day-1/cards')).map((id) => `cards/${id}/loa.yaml`)])
      expect(statSync(at('day-1', name)).mode & 0o777).toBe(0o600)
  })

  it('have labels that read as they were written', () => {
    const text = output('pdftotext', '-raw', at('day-1/labels.pdf'), '-')?.replaceAll(/\s+/g, ' ')
    if (text === undefined) return
    for (const [id = '-'] of fields('day-1/summary.csv')) expect(text).toContain(id)
    for (const label of LABELS) expect(text).toContain(`${label} Tỉnh 75`)
  })

  it('have labels whose codes a reader decodes to id and place', () => {
    const drawn = output(
      'pdftoppm',
      '-r',
      '150',
      '-gray',
      '-png',
      '-f',
      '1',
      '-l',
      '1',
      at('day-1/labels.pdf'),
      at('sheet'),
    )
    const read =
      drawn === undefined ? undefined : output('zbarimg', '--raw', '-q', '--nodbus', at('sheet-1.png'))
    if (read === undefined) return
    const first = fields('day-1/summary.csv').slice(0, 24)
    for (const [id, , , label] of first) expect(read).toContain(`${id}\n75/26068\n${label}\n`)
  })

  it('are not made a second time of the same list, and a new list gets ids that were never given', async () => {
    const again = await provision('--csv', at('list.csv'), '--out', at('day-2'))
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining('row 2, column label:') })
    const more = listOf('more.csv', ['75;26068;Chợ;', '75;26071;Chợ;'])
    expect(await provision('--csv', more, '--out', at('day-2'))).toMatchObject({ code: 0 })
    const ledger = fields('provisioned.csv')
    expect(ledger).toHaveLength(32)
    expect(new Set(ledger.map(([id]) => id)).size).toBe(32)
  })

  it('leave nothing behind when something is wrong, whenever it shows', async () => {
    const before = [readdirSync(folder), readFileSync(at('provisioned.csv'), 'utf8')]
    const bad = listOf('bad.csv', ['75;26068;Đình làng;rpi-3b-plus', '7;26068;Trường;rpi-9'])
    const told = await provision('--csv', bad, '--out', at('day-3'))
    expect(told.code).toBe(1)
    expect(told.said).toContain('row 3, column province: "7"')
    expect(told.said).toContain('row 3, column board: "rpi-9"')
    const good = listOf('good.csv', ['75;26068;Đình làng;rpi-3b-plus'])
    mkdirSync(at('no-authority'))
    writeFileSync(at('no-authority/ca.pem'), 'no certificate')
    const failed = await provision('--csv', good, '--out', at('day-3'), '--authority', at('no-authority'))
    expect(failed).toMatchObject({ code: 1, said: expect.stringContaining('openssl') })
    expect(readdirSync(folder).filter((name) => !/^(bad|good)\.csv$|^no-authority$/.test(name))).toEqual(
      before[0],
    )
    expect(readFileSync(at('provisioned.csv'), 'utf8')).toBe(before[1])
  })

  it('get certificates instead of codes from an authority that is there', async () => {
    const one = listOf('one.csv', ['75;26068;Trạm y tế;rpi-3b-plus'])
    const out = at('day-4')
    expect(await provision('--csv', one, '--out', out, '--authority', at('authority'))).toMatchObject({
      code: 0,
    })
    const [id = '-'] = readdirSync(join(out, 'cards'))
    const { cert, key, code } = parse(readFileSync(join(out, 'cards', id, 'loa.yaml'), 'utf8'))
    expect([cert, key, code]).toEqual([
      expect.stringContaining('BEGIN CERTIFICATE'),
      expect.stringContaining('PRIVATE KEY'),
      undefined,
    ])
    expect(readdirSync(out)).not.toContain('codes.csv')
  })
})
