import { describe, expect, it } from 'vitest'
import { readBoard } from '../../../agent/wire/board.ts'
import { BOARD, faultsOf, pathsOf } from '../../fixtures/board.ts'
import { changed, type JsonObject } from '../../fixtures/documents.ts'

describe('a board file', () => {
  it('gets the defaults of the contract', () => {
    // Sensors have defaults of their own: board-sensors.test.ts.
    const { sensors: _sensors, ...board } = readBoard(BOARD, 'x')
    expect(board).toEqual({
      name: 'bench',
      models: [],
      clock: 'rtc',
      audio: { driver: 'wav', file: 'heard.wav', rate: 48_000, channels: 1, bufferMs: 500 },
      amplifiers: [
        {
          id: 'main',
          driver: 'gpiochip',
          chip: 'gpiochip0',
          line: 17,
          activeLow: false,
          settleMs: 800,
          holdMs: 500,
          minOffMs: 2_000,
          maxOnMinutes: 240,
          feedback: { chip: 'gpiochip0', line: 27, activeLow: false, withinMs: 200 },
        },
      ],
      inputs: [
        {
          id: 'mains',
          role: 'mains',
          driver: 'gpiochip',
          chip: 'gpiochip0',
          line: 22,
          activeLow: false,
          debounceMs: 50,
        },
      ],
      signs: [
        {
          id: 'gate',
          driver: 'adalight',
          port: '/dev/ttyUSB0',
          baud: 115_200,
          width: 64,
          height: 16,
          color: 'rgb',
          layout: 'serpentine',
        },
      ],
    })
  })

  it('may trim when sound leaves and shape it for horns, within reason', () => {
    const audio = {
      driver: 'alsa',
      latencyMs: 12.5,
      acousticDelayMs: 300,
      filter: { highPassHz: 250, presenceDb: 4 },
    }
    expect(readBoard({ ...BOARD, audio }, 'x').audio).toMatchObject(audio)
    const wild = {
      driver: 'alsa',
      latencyMs: -1,
      acousticDelayMs: 5000,
      filter: { highPassHz: 4000, bassDb: 9 },
    }
    expect(pathsOf({ ...BOARD, audio: wild })).toEqual([
      'audio.latencyMs',
      'audio.acousticDelayMs',
      'audio.filter.highPassHz',
      'audio.filter.bassDb',
    ])
  })

  it('a virtual amplifier keeps the times of a real one, and no amplifier waits for nothing', () => {
    const amplifiers = [
      { id: 'a', driver: 'virtual', trace: 'relay.jsonl' },
      { id: 'b', driver: 'none' },
      { id: 'c', driver: 'rpio', line: 4 },
    ]
    expect(readBoard(changed(BOARD, 'amplifiers', amplifiers), 'x').amplifiers).toMatchObject([
      { settleMs: 800, holdMs: 500, minOffMs: 2_000 },
      { settleMs: 0, holdMs: 0, minOffMs: 0 },
      { settleMs: 800, activeLow: false },
    ])
  })

  it('an unknown driver is answered with the known ones', () => {
    expect(faultsOf(changed(BOARD, 'audio.driver', 'pulse'))).toEqual([
      { path: 'audio.driver', message: 'expected one of alsa, speaker, wav, got "pulse"' },
    ])
    expect(faultsOf(changed(BOARD, 'signs.0.driver', 'dmd'))[0]?.message).toMatch(
      /^expected one of adalight, .*virtual, got "dmd"$/,
    )
    expect(faultsOf(changed(BOARD, 'amplifiers.0.driver', 1))[0]?.message).toContain(
      'gpiochip, rpio, virtual, none, shared',
    )
    expect(faultsOf(changed(BOARD, 'inputs.0.driver', undefined))).toEqual([
      { path: 'inputs.0.driver', message: 'is missing' },
    ])
  })

  it('a key of another driver is unknown', () => {
    expect(pathsOf(changed(BOARD, 'audio.device', 'default'))).toEqual(['audio.device'])
    expect(pathsOf(changed(BOARD, 'amplifiers.0.trace', 'x'))).toEqual(['amplifiers.0.trace'])
  })

  it('at most four amplifiers and four signs, each with its own id', () => {
    const five = Array.from({ length: 5 }, (_, n) => ({ id: `a${n}`, driver: 'none' }))
    expect(readBoard(changed(BOARD, 'amplifiers', five.slice(1)), 'x').amplifiers).toHaveLength(4)
    expect(faultsOf(changed(BOARD, 'amplifiers', five))).toEqual([
      { path: 'amplifiers', message: 'expected at most 4 entries, got 5' },
    ])
    const signs = [0, 1].map(() => ({ id: 'gate', driver: 'virtual', width: 64, height: 16 }))
    expect(faultsOf(changed(BOARD, 'signs', signs))).toEqual([
      { path: 'signs.1.id', message: 'is used twice' },
    ])
  })

  it('a GPIO line has one holder', () => {
    expect(pathsOf(changed(BOARD, 'inputs.0.line', 27))).toEqual(['inputs.0.line'])
    expect(pathsOf(changed(BOARD, 'amplifiers.0.feedback.line', 17))).toEqual(['amplifiers.0.feedback.line'])
    expect(pathsOf(changed(BOARD, 'inputs.0.chip', 'pinctrl-bcm2711'))).toEqual([])
  })

  it('several faults are reported together', () => {
    const board = changed(
      changed(changed(BOARD, 'name', '-'), 'clock', 'gps'),
      'amplifiers.0.chip',
      '/dev/gpiochip0',
    )
    expect(pathsOf(board)).toEqual(['name', 'amplifiers.0.chip', 'clock'])
  })

  it('relative paths stay as they are', () => {
    expect(readBoard(BOARD, 'x').audio).toMatchObject({ file: 'heard.wav' })
  })
})

describe('signs of a board file', () => {
  const LOCAL: JsonObject = {
    ...BOARD,
    signs: [
      {
        id: 'gate',
        driver: 'generic-serial',
        port: '/dev/ttyUSB0',
        width: 64,
        height: 16,
        header: 'AA 55',
        pixels: { format: 'mono' },
        answer: { ack: '06', nack: '15' },
      },
    ],
  }

  it('a frame of a local maker gets its defaults', () => {
    expect(readBoard(LOCAL, 'x').signs[0]).toEqual({
      id: 'gate',
      driver: 'generic-serial',
      port: '/dev/ttyUSB0',
      baud: 9600,
      dataBits: 8,
      parity: 'none',
      stopBits: 1,
      width: 64,
      height: 16,
      header: 'AA 55',
      pixels: { format: 'mono', rows: 'top-down', layout: 'rows', first: 'high', inverted: false },
      footer: '',
      answer: { ack: '06', nack: '15' },
    })
  })

  it.each([
    ['signs.0.pixels.format', 'grey'],
    ['signs.0.pixels', undefined],
    ['signs.0.header', 'AA 5'],
    ['signs.0.header', 'AA'.repeat(97)],
    ['signs.0.checksum', { kind: 'md5' }],
    ['signs.0.answer.ack', ''],
    ['signs.0.parity', 'odd'],
    ['signs.0.brightness', [{ from: '18:00', to: '18:00', max: 40 }]],
  ])('a wrong %s is named', (path, value) => {
    const [found] = pathsOf(changed(LOCAL, path, value))
    expect(found?.startsWith(path)).toBe(true)
  })

  it('answers that begin alike are refused, for one would be taken for the other', () => {
    expect(faultsOf(changed(LOCAL, 'signs.0.answer', { ack: '06', nack: '06 15' }))).toEqual([
      { path: 'signs.0.answer', message: 'one of ack and nack begins with the other' },
    ])
  })

  it('a screen is /dev/fb0, and all the rest is asked of the kernel', () => {
    const wall = { id: 'wall', driver: 'framebuffer', width: 320, height: 160 }
    expect(readBoard({ ...BOARD, signs: [wall] }, 'x').signs).toEqual([
      { ...wall, path: '/dev/fb0', x: 0, y: 0 },
    ])
  })

  it('one port serves one sign', () => {
    const gate = { id: 'gate', driver: 'adalight', port: '/dev/ttyUSB0', width: 8, height: 8 }
    const wall = {
      id: 'wall',
      driver: 'framebuffer',
      width: 8,
      height: 8,
      card: { driver: 'novastar', port: '/dev/ttyUSB0' },
    }
    expect(faultsOf({ ...BOARD, signs: [gate, { ...gate, id: 'yard' }] })).toEqual([
      { path: 'signs.1.port', message: 'this port is used twice' },
    ])
    expect(faultsOf({ ...BOARD, signs: [gate, wall] })).toEqual([
      { path: 'signs.1.card.port', message: 'this port is used twice' },
    ])
  })
})

describe('how a sign looks', () => {
  const withSign = (settings: JsonObject) => changed(BOARD, 'signs', [{ ...SIGN, ...settings }])
  const SIGN = { id: 'gate', driver: 'virtual', width: 64, height: 16 }

  it('is taken as it is written', () => {
    const settings = {
      look: { align: 'left', vertical: 'top', scroll: 'up', alerts: 'blink', gamma: 2.2 },
      idle: [
        { text: '{time}', color: 'green', seconds: 10 },
        { qr: 'https://phan-anh.example/x', seconds: 5 },
      ],
      night: 20,
      dark: [{ from: '22:00', to: '04:30' }],
    }
    expect(readBoard(withSign(settings), 'x').signs).toEqual([{ ...SIGN, color: 'rgb', ...settings }])
  })

  it.each([
    [{ look: { align: 'middle' } }, 'signs.0.look.align'],
    [{ look: { gamma: 0 } }, 'signs.0.look.gamma'],
    [{ look: { colour: 'red' } }, 'signs.0.look.colour'],
    [{ idle: [{ text: 'a' }] }, 'signs.0.idle.0.seconds'],
    [{ idle: [{ text: 'a', qr: 'b', seconds: 5 }] }, 'signs.0.idle.0'],
    [{ night: 101 }, 'signs.0.night'],
    [{ dark: [{ from: '22:00', to: '22:00' }] }, 'signs.0.dark.0'],
    [{ width: 0 }, 'signs.0.width'],
    [{ height: 4000 }, 'signs.0.height'],
    [{ width: 64.5 }, 'signs.0.width'],
  ])('%j is a fault at %s', (settings, path) => {
    expect(pathsOf(withSign(settings))[0]).toContain(path)
  })
})
