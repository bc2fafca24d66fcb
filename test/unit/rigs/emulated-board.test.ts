import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { layOut, makeCard, partitionTable } from '../../../scripts/rigs/board/partitions.ts'
import { Bcm2835Pins } from '../../../scripts/rigs/emulated/bcm2835-pins.ts'
import { msUntilOff } from '../../../scripts/rigs/emulated/board-trace.ts'
import { chipIn, lineChangeIn } from '../../../scripts/rigs/emulated/chip-trace.ts'
import { answerIn } from '../../../scripts/rigs/emulated/hand.ts'
import { betweenMs } from '../../../scripts/rigs/emulated/judge.ts'
import { SoundSpans } from '../../../scripts/rigs/emulated/sound-spans.ts'

const MIB = 1024 * 1024
const AT = '12345@1764144000.250000:'

describe("qemu's log of a PL061", () => {
  test('tells of each line that goes to another level, and where the chip is', () => {
    expect(lineChangeIn(`${AT}pl061_set_output /machine/unattached/device[5] setting output 3 to 1`)).toEqual(
      {
        at: 1_764_144_000_250,
        line: 3,
        high: true,
      },
    )
    expect(chipIn(`${AT}pl061_reset /machine/unattached/device[5] reset`)).toBe(
      '/machine/unattached/device[5]',
    )
  })

  test('is not taken for what it is not', () => {
    expect(lineChangeIn(`${AT}pl061_reset /machine/unattached/device[5] reset`)).toBeUndefined()
    expect(chipIn(`${AT}pl061_set_output /machine/x setting output 3 to 1`)).toBeUndefined()
    expect(lineChangeIn('pl061_set_output /machine/x setting output 3 to 1')).toBeUndefined()
  })
})

describe('the GPIO registers of a BCM2835', () => {
  const write = (offset: number, value: number): string =>
    `${AT}memory_region_ops_write cpu 0 mr 0x55d addr 0x${(0x3f20_0000 + offset).toString(16)} value 0x${value.toString(16)} size 4 name 'bcm2835_gpio'`
  const [select1, set0, clear0] = [0x04, 0x1c, 0x28]
  const line17 = 1 << 17
  const asOutput = 1 << 21

  test('drive a line high while it is an output and set, and no other', () => {
    const pins = new Bcm2835Pins()
    const changes = [
      write(set0, line17),
      write(select1, asOutput),
      write(clear0, line17),
      write(set0, 1 << 18),
      write(set0, line17),
      write(select1, 0),
    ].map((text) => pins.changesIn(text).map(({ line, high }) => ({ line, high })))
    expect(changes).toEqual([
      [],
      [{ line: 17, high: true }],
      [{ line: 17, high: false }],
      [],
      [{ line: 17, high: true }],
      [{ line: 17, high: false }],
    ])
  })

  test('are not what other devices are told', () => {
    const pins = new Bcm2835Pins()
    pins.changesIn(write(select1, asOutput))
    expect(pins.changesIn(write(set0, line17).replace('bcm2835_gpio', 'bcm2835-systimer'))).toEqual([])
  })
})

describe('what leaves a sound card', () => {
  const feed = (spans: SoundSpans, frames: number, value: number): void =>
    spans.feed(new Int16Array(frames * 2).fill(value))

  test('is found to the frame, however it comes in pieces, and short rests belong to it', () => {
    const spans = new SoundSpans(2, 4800)
    feed(spans, 1000, 0)
    feed(spans, 300, 500)
    feed(spans, 4000, 1)
    feed(spans, 700, -500)
    feed(spans, 9000, 0)
    feed(spans, 10, 2)
    expect(spans.spans).toEqual([
      { from: 1000, to: 6000 },
      { from: 15_000, to: 15_010 },
    ])
    expect(spans.frames).toBe(15_010)
  })

  test("lies between the relay's on and off, in the board's time", () => {
    const change = (at: number, high: boolean) => ({ at, line: 5, high })
    const frameAt = (at: number): number => at * 10
    expect(betweenMs(frameAt, change(960, true), change(9600, false), { from: 48_000, to: 72_000 })).toEqual({
      settleMs: 800,
      holdMs: 500,
    })
  })
})

describe('the notes of the kernel of a board', () => {
  const note = (at: string, what: string): string => `            node-93      [000] ..... ${at}: ${what}`

  test('say how long after the mark an output went low', () => {
    const notes = [
      '# tracer: nop',
      note('40.000000', 'gpio_value: 509 set 0'),
      '              sh-61      [000] ..... 41.500000: tracing_mark_write: struck',
      note('41.600000', 'gpio_value: 509 set 1'),
      note('41.620000', 'gpio_value: 509 set 0'),
    ]
    expect(msUntilOff(notes.join('\n'))).toBeCloseTo(120, 3)
    expect(msUntilOff(notes.slice(0, 4).join('\n'))).toBeUndefined()
  })
})

test('what a command said is told from the prompt, the command itself and what others say', () => {
  const heard = [
    "/ # { date; } | busybox sed 's/^/>7 /'; echo '>7.'",
    '{"msg":"ready"}',
    '/ # / # >7 first',
    '>7 second',
    '>7 ',
    '>7 =3',
    '>7.',
    '/ # ',
  ]
  expect(answerIn(heard.join('\n'), '>7')).toEqual({ code: 3, output: 'first\nsecond' })
})

describe('the card of a board', () => {
  test('has its partitions one after the other, at whole MiB, and where its table says', () => {
    const partitions = layOut([3 * MIB, MIB / 2, 2 * MIB])
    expect(partitions.map(({ from }) => from / MIB)).toEqual([1, 4, 5])
    const table = partitionTable(partitions)
    expect(table.readUInt16LE(510)).toBe(0xaa55)
    expect([0, 1, 2].map((i) => table.readUInt32LE(446 + 16 * i + 8) * 512)).toEqual(
      partitions.map(({ from }) => from),
    )
    expect(table.readUInt32LE(446 + 16 + 12) * 512).toBe(MIB / 2)
  })

  test('holds what their images hold, and its size is a power of two', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loa-card-'))
    try {
      const image = Buffer.alloc(2 * MIB)
      image.write('here', MIB + 5)
      writeFileSync(join(folder, 'a'), image)
      writeFileSync(join(folder, 'b'), Buffer.from('there'))
      makeCard(join(folder, 'card'), [join(folder, 'a'), join(folder, 'b')])
      const card = readFileSync(join(folder, 'card'))
      expect(card.toString('latin1', 2 * MIB + 5, 2 * MIB + 9)).toBe('here')
      expect(card.toString('latin1', 3 * MIB, 3 * MIB + 5)).toBe('there')
      expect(statSync(join(folder, 'card')).size).toBe(4 * MIB)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
