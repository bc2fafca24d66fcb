import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import type { SignConfig } from '../../agent/core/sign-configuration.ts'
import { epochMs } from '../../agent/core/time.ts'
import type { Frame, Signboard } from '../../agent/ports/signboard.ts'
import { openSignboard } from '../../drivers/registry.ts'
import { AdalightPanel } from '../fakes/adalight-panel.ts'
import { FakePort, noPty } from '../fakes/pty.ts'
import { RecordingSignboard } from '../fakes/recording-signboard.ts'
import { eventually } from '../rig/eventually.ts'

const SIZE = { id: 'gate', width: 16, height: 8 } as const
const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))

/** A sign under test with eyes on its panel. */
type Bench = {
  readonly signboard: Signboard
  /** What stands on the panel: RGB888, row by row; undefined while nothing has come. */
  readonly seen: () => Promise<Uint8Array | undefined>
} & AsyncDisposable

const frameOf = (...lit: readonly number[]): Frame => {
  const rgb = new Uint8Array(SIZE.width * SIZE.height * 3)
  for (const pixel of lit) rgb.set([200, 100, 50], pixel * 3)
  return { width: SIZE.width, height: SIZE.height, rgb }
}

const recording = async (): Promise<Bench> => {
  const signboard = new RecordingSignboard(SIZE.id, SIZE)
  return {
    signboard,
    seen: async () => signboard.frames.at(-1)?.frame.rgb,
    [Symbol.asyncDispose]: () => signboard[Symbol.asyncDispose](),
  }
}

/** Undoes the magnification of the virtual panel's picture by looking at the middle of each dot. */
const ledsOf = (png: Uint8Array): Uint8Array => {
  const { width, data } = decode(png)
  const scale = width / SIZE.width
  const leds = new Uint8Array(SIZE.width * SIZE.height * 3)
  for (let i = 0; i < SIZE.width * SIZE.height; i += 1) {
    const x = (i % SIZE.width) * scale + scale / 2
    const y = Math.floor(i / SIZE.width) * scale + scale / 2
    const pixel = [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]
    leds.set(Math.max(...pixel) < 40 ? [0, 0, 0] : pixel, i * 3)
  }
  return leds
}

const virtual = async (): Promise<Bench> => {
  const folder = await mkdtemp(join(tmpdir(), 'loa-sign-'))
  const trace = join(folder, 'deeper', 'signs.jsonl')
  const signboard = await openSignboard({ ...SIZE, driver: 'virtual', trace, color: 'rgb' }, () => NOW)
  return {
    signboard,
    seen: async () => {
      const lines = (await readFile(trace, 'utf8').catch(() => '')).trim().split('\n')
      const last = lines.at(-1) ?? ''
      if (last === '') return undefined
      const line: { readonly png: string } = JSON.parse(last)
      return ledsOf(await readFile(line.png))
    },
    [Symbol.asyncDispose]: async () => {
      await signboard[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const adalight = async (layout: 'rows' | 'serpentine'): Promise<Bench> => {
  const panel = new AdalightPanel()
  const port = await FakePort.create(panel.feed)
  await port.plug()
  const config: SignConfig = {
    ...SIZE,
    driver: 'adalight',
    port: port.path,
    baud: 921_600,
    color: 'rgb',
    layout,
  }
  const signboard = await openSignboard(config, () => NOW)
  return {
    signboard,
    seen: async () => (panel.last === undefined ? undefined : unwound(panel.last, layout)),
    [Symbol.asyncDispose]: async () => {
      await signboard[Symbol.asyncDispose]()
      await port[Symbol.asyncDispose]()
    },
  }
}

/** A screen of 20 x 12 pixels whose memory is a plain file; the panel begins at 3, 2. */
const framebuffer = async (format: 'xrgb8888' | 'rgb565'): Promise<Bench> => {
  const folder = await mkdtemp(join(tmpdir(), 'loa-screen-'))
  const path = join(folder, 'fb')
  const screen = { width: 20, height: 12 }
  const size = format === 'xrgb8888' ? 4 : 2
  await writeFile(path, new Uint8Array(screen.width * screen.height * size))
  const config: SignConfig = { ...SIZE, driver: 'framebuffer', path, x: 3, y: 2, format, screen }
  const signboard = await openSignboard(config, () => NOW)
  return {
    signboard,
    seen: async () => {
      const memory = await readFile(path)
      const leds = new Uint8Array(SIZE.width * SIZE.height * 3)
      for (let i = 0; i < SIZE.width * SIZE.height; i += 1) {
        const at = ((2 + Math.floor(i / SIZE.width)) * screen.width + 3 + (i % SIZE.width)) * size
        leds.set(
          size === 4 ? [...memory.subarray(at, at + 3)].reverse() : from565(memory.readUInt16LE(at)),
          i * 3,
        )
      }
      return leds
    },
    [Symbol.asyncDispose]: async () => {
      await signboard[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The only colour of the test that is not exact in five bits is given back as it was. */
const from565 = (value: number): readonly number[] =>
  value === 0 ? [0, 0, 0] : value === 0xcb26 ? [200, 100, 50] : [1, 1, 1]

/** Where the LEDs of the strip sit on the panel. */
const unwound = (strip: Uint8Array, layout: 'rows' | 'serpentine'): Uint8Array => {
  const rows = Array.from({ length: SIZE.height }, (_, y) => {
    const leds = Array.from({ length: SIZE.width }, (_, x) =>
      strip.subarray((y * SIZE.width + x) * 3, (y * SIZE.width + x) * 3 + 3),
    )
    return layout === 'serpentine' && y % 2 === 1 ? leds.reverse() : leds
  })
  return Buffer.concat(rows.flat())
}

const same = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && Buffer.compare(a, b) === 0

describe.each([
  { name: 'the fake', open: recording, skip: false },
  { name: 'virtual', open: virtual, skip: false },
  { name: 'a screen of 32 bits', open: () => framebuffer('xrgb8888'), skip: false },
  { name: 'a screen of 16 bits', open: () => framebuffer('rgb565'), skip: false },
  { name: 'adalight in rows on a pty', open: () => adalight('rows'), skip: noPty },
  { name: 'adalight in serpentines on a pty', open: () => adalight('serpentine'), skip: noPty },
])('a signboard: $name', ({ open, skip }) => {
  const seenWithin = (bench: Bench, frame: Frame) =>
    eventually('the frame on the panel', async () => same(await bench.seen(), frame.rgb))

  test.skipIf(skip)('says its size and rate, and works', async () => {
    await using bench = await open()
    expect(bench.signboard).toMatchObject(SIZE)
    expect(bench.signboard.framesPerSecond).toBeGreaterThanOrEqual(15)
    expect(bench.signboard.health.ok).toBe(true)
  })

  test.skipIf(skip)('puts every pixel of a frame where it belongs, in its colour', async () => {
    await using bench = await open()
    const frame = frameOf(0, 15, 16, 18, 37, 112, 127)
    bench.signboard.show(frame, 'góc')
    await seenWithin(bench, frame)
  })

  test.skipIf(skip)('of many frames in a row the last stays', async () => {
    await using bench = await open()
    const last = frameOf(99)
    for (let i = 0; i < 98; i += 1) bench.signboard.show(frameOf(i), `trang ${i}`)
    bench.signboard.show(last, 'trang cuối')
    await seenWithin(bench, last)
  })

  test.skipIf(skip)('a cleared panel is dark', async () => {
    await using bench = await open()
    bench.signboard.show(frameOf(1, 2, 3), 'a')
    await seenWithin(bench, frameOf(1, 2, 3))
    bench.signboard.show(frameOf(), '')
    await seenWithin(bench, frameOf())
  })

  test.skipIf(skip)('what was shown just before closing is on the panel', async () => {
    const bench = await open()
    const frame = frameOf(64)
    bench.signboard.show(frameOf(63), 'a')
    bench.signboard.show(frame, 'b')
    await bench.signboard[Symbol.asyncDispose]()
    await seenWithin(bench, frame)
    await bench[Symbol.asyncDispose]()
  })
})
