import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../../agent/cli/run.ts'
import { fakeIo } from '../../fakes/cli-io.ts'

const CA = resolve('test/fixtures/setup/ca.pem')
const X = 'MCowBQYDK2VwAyEAxxxxxxxxxxxxxxxxxxxxxxxxxxA'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loa-dialogue-'))
  const folders = ['etc', 'dev/serial/by-id', 'proc/device-tree', 'proc/asound/card1']
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'proc/device-tree/model'), 'Raspberry Pi 4 Model B Rev 1.5\0')
  writeFileSync(
    join(root, 'proc/asound/cards'),
    ' 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n 1 [Device         ]: USB-Audio - USB Audio Device\n',
  )
  writeFileSync(join(root, 'dev/ttyUSB0'), '')
  symlinkSync('../../ttyUSB0', join(root, 'dev/serial/by-id/usb-FTDI_FT232R-if00'))
})
afterEach(() => rmSync(root, { recursive: true }))

const config = (): string => join(root, 'etc/agent.yaml')

const talk = async (lines: readonly string[], ...argv: readonly string[]) => {
  const tones: string[] = []
  const edge = fakeIo({ root, lines, onTone: (device) => tones.push(device) })
  const code = await runCommand(['setup', '--config', config(), ...argv], edge.io)
  return { code, out: edge.out(), err: edge.err(), tones }
}

/** By the name of what is asked for; Vietnamese and English take the same answers. */
const ANSWERS = {
  province: '75',
  commune: '26068',
  id: 'd-7k2m4q9x',
  groups: 'cho-moi, loa-1',
  languages: '',
  board: 'rpi-4b-relay-hat',
  sound: '2',
  tone: 'y',
  heard: 'y',
  port: '2',
  pattern: '',
  brokers: 'mqtts://broker-a:8883, mqtts://broker-b:8883',
  login: '',
  ca: CA,
  content: 'https://content.example/',
  keys: `root-a ${X}`,
  endOfKeys: '',
  updateKeys: '',
  code: '',
  write: '',
}
const lines = (over: Partial<typeof ANSWERS> = {}): readonly string[] =>
  Object.values({ ...ANSWERS, ...over })

describe('the dialogue', () => {
  test.each([
    ['vi', 'Cấu hình lần đầu', 'đó là Đồng Nai', 'Thiết bị này là d-7k2m4q9x', 'Tên suốt đời máy'],
    ['en', 'First configuration', 'that is Đồng Nai', 'This receiver is d-7k2m4q9x', 'Name for its life'],
  ])('sets up a receiver in %s', async (language, ...said) => {
    const { code, out, err, tones } = await talk(lines(), '--lang', language)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    for (const part of said.slice(0, 3)) expect(out).toContain(part)
    expect(tones).toEqual(['plughw:CARD=vc4hdmi0'])
    const yaml = readFileSync(config(), 'utf8')
    // What is shown before the last question is what is written, to the space.
    expect(out).toContain(yaml.split('\n').filter((line) => line.length < 70 && line.startsWith('  '))[0])
    for (const part of [said[3], 'province: "75"', 'groups: ["cho-moi", "loa-1"]', 'board.yaml', X])
      expect(yaml).toContain(part)
    const board = readFileSync(join(root, 'etc/board.yaml'), 'utf8')
    expect(board).toContain('device: "plughw:CARD=vc4hdmi0"')
    expect(board).toContain('port: /dev/serial/by-id/usb-FTDI_FT232R-if00')
    expect(board).toContain('#')
  })

  test('takes the usual answers with Enter: a new id, the board for this machine, its devices', async () => {
    const { code, out } = await talk(
      lines({ id: '', groups: '', board: '', sound: '', tone: '', heard: '', port: '', pattern: '' }).filter(
        (_, index) => index !== 8,
      ),
      '--lang',
      'en',
    )
    expect(out).toMatch(/\[d-[2-9a-hjkmnp-z]{8}\]/)
    expect(code).toBe(0)
    const yaml = readFileSync(config(), 'utf8')
    expect(yaml).toMatch(/board: "rpi-4b-/)
    expect(yaml).toMatch(/id: "d-[2-9a-hjkmnp-z]{8}"/)
  })

  test('takes a code to where it is taken, and shows no code before the last question', async () => {
    const code = 'K7M2Q-9XWPC-4T3RJ-HV8ND'
    const all = [...lines().slice(0, -2), code, 'broker-a:8884', 'mqtts://broker-a:8884', '']
    const asked: string[] = []
    const edge = fakeIo({
      root,
      lines: all,
      onAsked: (url) => {
        asked.push(url)
        edge.interrupt()
      },
    })
    expect(await runCommand(['setup', '--config', config(), '--lang', 'en'], edge.io)).toBe(1)
    expect(asked).toEqual(['mqtts://broker-a:8884'])
    expect(edge.err()).toContain('It is tried again at each power-on')
    const out = edge.out()
    expect(out).toContain('"broker-a:8884": mqtts://host:8883 is expected')
    expect(out).not.toContain(code)
    expect(JSON.parse(readFileSync(join(root, 'etc/enrolment.json'), 'utf8'))).toMatchObject({
      code,
      urls: ['mqtts://broker-a:8884'],
    })
  })

  test('says what is wrong with an answer and asks again', async () => {
    const wrong = ['7', '99', 'n', '75', '2606', '26068', 'd-26068', 'có dấu', ...lines().slice(2)]
    const { code, out } = await talk(wrong, '--lang', 'en')
    expect(code).toBe(0)
    for (const part of [
      '2 digits are expected',
      'not one of the 34',
      '5 digits are expected',
      'contains the code',
    ])
      expect(out).toContain(part)
  })

  test('writes nothing when it is broken off, or told not to', async () => {
    for (const said of [lines().slice(0, 9), lines({ write: 'n' })]) {
      const { code, err } = await talk(said, '--lang', 'en')
      expect(code).toBe(1)
      expect(err).toContain('nothing was written')
      expect(() => readFileSync(config())).toThrow('ENOENT')
    }
  })

  test('asks for the language first where nobody said it, and takes Vietnamese with Enter', async () => {
    const { out } = await talk(['', ...lines()])
    expect(out).toContain('Ngôn ngữ / Language')
    expect(out).toContain('Đồng Nai')
    expect(out).toContain('Thiết bị này là')
  })

  test('does not overwrite: it says so before it asks', async () => {
    writeFileSync(config(), '# mine\n')
    const { code, err, out } = await talk(lines(), '--lang', 'en')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('--force')
  })

  test('never throws, whatever is typed', async () => {
    const word = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom(
        '',
        'y',
        'n',
        '1',
        '2',
        '75',
        '26068',
        'mqtts://b:1',
        '/etc',
        CA,
        '-----BEGIN',
        '\u0000',
        '__proto__',
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 40 }), async (typed) => {
        const { code, err } = await talk(typed, '--lang', 'vi', '--dry-run')
        expect(err).not.toContain('lỗi trong lệnh')
        expect([0, 1, 2]).toContain(code)
      }),
      { numRuns: 40 },
    )
  })
})

describe('moving to another place', () => {
  const before = `# ours
device: { id: d-7k2m4q9x, province: "75", commune: "26068", formerly: [{ province: "74", commune: "25000", until: "2020-01-01" }] } # at the market
board: virtual
mqtt: { urls: [mqtt://b], }
security: { signatures: "off" }
`
  test('keeps comments, writes the old place with its end, and keeps the old file', async () => {
    writeFileSync(config(), before)
    const { code, out } = await talk([''], '--lang', 'en', '--move', '79/26734', '--overlap', '10')
    expect(code).toBe(0)
    expect(out).toContain('documents of 75/26068 are obeyed too, to the end of 2026-12-03')
    const after = readFileSync(config(), 'utf8')
    for (const part of [
      '# ours',
      '# at the market',
      'province: "79"',
      'commune: "26734"',
      'until: 2026-12-03',
    ])
      expect(after).toContain(part)
    expect(after).not.toContain('25000')
    expect(readFileSync(`${config()}.20261122T220000Z`, 'utf8')).toBe(before)
    expect((await talk([], '--move', '79/26734', '--yes')).code).toBe(2)
  })

  test('back to where it was is no former place of itself', async () => {
    writeFileSync(config(), before)
    await talk([], '--move', '79/26734', '--yes')
    expect((await talk([], '--move', '75/26068', '--yes', '--overlap', '0')).code).toBe(0)
    expect(readFileSync(config(), 'utf8')).not.toContain('26734')
  })

  test.each([
    ['a place that is none', ['--move', '75/260'], 2],
    ['too long an overlap', ['--move', '79/26734', '--overlap', '400'], 2],
    ['an overlap of nothing', ['--overlap', '4'], 2],
    ['two ways at once', ['--move', '79/26734', '--enrol'], 2],
    ['an id that names the new place', ['--move', '79/7k2m4', '--yes'], 2],
  ])('refuses %s', async (_, argv, expected) => {
    writeFileSync(config(), before)
    expect((await talk([], ...argv)).code).toBe(expected)
    expect(readFileSync(config(), 'utf8')).toBe(before)
  })
})
