import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadBoard } from '../../../agent/adapters/config/board-files.ts'
import { readBoard } from '../../../agent/wire/board.ts'
import { filesOfBoard, wiringFiles } from '../../../scripts/wiring/files.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PAGES = join(ROOT, 'docs/boards')
const files = wiringFiles(join(ROOT, 'board-configs'))

const texts = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text)

describe('the pages of boards', () => {
  test('are what is checked in: run `node scripts/wiring.ts` after a change of board files or headers', () => {
    for (const [name, text] of files)
      expect([name, readFileSync(join(PAGES, name), 'utf8')]).toEqual([name, text])
    expect(readdirSync(PAGES).filter((name) => !files.has(name))).toEqual([])
  })

  test('are the same at every run', () => {
    expect([...wiringFiles(join(ROOT, 'board-configs'))]).toEqual([...files])
  })

  test('are there for every board but the one without hardware', () => {
    const boards = readdirSync(join(ROOT, 'board-configs')).map((name) => name.replace('.yaml', ''))
    expect(boards.filter((name) => !files.has(`${name}.svg`))).toEqual(['virtual'])
  })

  test.each([...files.keys()].filter((name) => name.endsWith('.svg')))(
    '%s says each wire in both languages, and needs no colours',
    (name) => {
      const svg = files.get(name) ?? ''
      const relay = name.endsWith('-box.svg') ? 'Mạch rơ le main' : 'Rơ le âm ly main'
      const inEnglish = name.endsWith('-box.svg') ? 'relay board main: IN, GND, VCC' : 'common ground'
      expect(texts(svg)).toContain(inEnglish)
      expect(texts(svg).some((text) => text.startsWith(relay))).toBe(true)
      const colours = new Set([...svg.matchAll(/#[0-9a-f]{3,6}/g)].map(([colour]) => colour))
      expect([...colours].toSorted()).toEqual(
        [...colours].filter((colour) => ['#000', '#ccc', '#fff'].includes(colour)).toSorted(),
      )
    },
  )
})

describe('a board with everything', () => {
  const board = readBoard(
    {
      name: 'full',
      models: ['Raspberry Pi 4 Model B'],
      audio: { driver: 'alsa', device: 'plughw:CARD=sndrpihifiberry' },
      amplifiers: [
        {
          id: 'a-b',
          driver: 'gpiochip',
          chip: 'pinctrl-bcm2711',
          line: 17,
          activeLow: true,
          feedback: { chip: 'pinctrl-bcm2711', line: 27, bias: 'pull-up' },
        },
        { id: 'fm', driver: 'gpiochip', chip: 'pinctrl-bcm2711', line: 23, role: 'transmitter', leadMs: 900 },
      ],
      inputs: [
        {
          id: 'alarm',
          role: 'emergency',
          driver: 'gpiochip',
          chip: 'pinctrl-bcm2711',
          line: 6,
          activeLow: true,
          bias: 'pull-up',
          keySwitch: { chip: 'pinctrl-bcm2711', line: 13, activeLow: true, bias: 'pull-up' },
        },
        { id: 'expander', role: 'door', driver: 'gpiochip', chip: 'pca9555', line: 3 },
      ],
    },
    'full.yaml',
  )
  const page = filesOfBoard(board).get('full.md') ?? ''

  test('has each of its wires at its pin', () => {
    expect(page).toMatch(/^\| 11 \| GPIO17 .*amplifier relay a-b: low = on/m)
    expect(page).toMatch(/^\| 13 \| GPIO27 .*read-back contact a-b: high = on/m)
    expect(page).toMatch(/^\| 16 \| GPIO23 .*transmitter relay fm: high = on/m)
    expect(page).toMatch(/^\| 31 \| GPIO6 .*alarm button \(alarm\): low = yes/m)
    expect(page).toMatch(/^\| 33 \| GPIO13 .*key switch of alarm: low = turned/m)
    expect(page).toMatch(/^\| 12 \| GPIO18 .*sound HAT/m)
    expect(page).not.toContain('expander')
  })

  test('is drawn with its box: a resistor to the rail that holds each relay off, none where the chip pulls', () => {
    const drawn = texts(filesOfBoard(board).get('full-box.svg') ?? '')
    const relay = drawn.indexOf('pin 11 · GPIO17')
    expect(drawn.slice(relay - 2, relay + 4)).toContain('pin 1 · 3.3 V')
    expect(drawn.filter((text) => text === '10 kΩ')).toHaveLength(2)
    expect(drawn).toContain('read-back contact of a-b')
    expect(drawn).toContain('transmitter fm: its key (PTT)')
    expect(drawn).toContain('key switch of alarm')
    expect(drawn.some((text) => text.includes('expander'))).toBe(false)
  })

  test('has what keeps it quiet at power-on', () => {
    expect(page).toContain('10 kOhm from pin 11 to 3.3 V')
    expect(page).toContain('config.txt: gpio=17=op,dh')
    expect(page).toContain('10 kOhm from pin 16 to GND')
    expect(page).toContain('config.txt: gpio=6,13,27=ip,pu')
  })
})

test('a board for any machine has no header to draw', () => {
  expect(filesOfBoard(loadBoard('virtual', join(ROOT, 'board-configs'))).size).toBe(0)
})
