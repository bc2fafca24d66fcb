import { SerialPortMock } from 'serialport'
import { describe, expect, test } from 'vitest'
import type { Frame } from '../../../agent/ports/signboard.ts'
import type { SerialSettings } from '../../../drivers/serial/serial-link.ts'
import {
  type AdalightConfig,
  openAdalightSignboard,
} from '../../../drivers/signboard/adalight/adalight-signboard.ts'
import type { SerialTrial } from '../../../drivers/signboard/line/serial-signboard.ts'
import { AdalightPanel } from '../../fakes/adalight-panel.ts'
import { FakePort, noPty } from '../../fakes/pty.ts'
import { until } from '../../fakes/until.ts'

const QUICK: SerialTrial['timing'] = {
  retryMs: { least: 20, most: 100 },
  writeGraceMs: 300,
  reassertMs: 60_000,
}

const frameOf = (value: number, width = 8, height = 4): Frame => ({
  width,
  height,
  rgb: new Uint8Array(width * height * 3).fill(value),
})

const configOf = (port: string, more: Partial<AdalightConfig> = {}): AdalightConfig => ({
  id: 'gate',
  driver: 'adalight',
  port,
  baud: 921_600,
  width: 8,
  height: 4,
  color: 'rgb',
  layout: 'rows',
  ...more,
})

const valuesOf = (panel: AdalightPanel): readonly (number | undefined)[] =>
  panel.shown.map((strip) => strip[0])

describe.skipIf(noPty)('an Adalight panel on a real port', () => {
  test('is told when the cable is pulled, comes back by its name and has its frame again', async () => {
    const panel = new AdalightPanel()
    await using port = await FakePort.create(panel.feed)
    await port.plug()
    await using sign = await openAdalightSignboard(configOf(port.path), { timing: QUICK })
    sign.show(frameOf(7), 'a')
    await until('the first frame', () => panel.last?.[0] === 7)

    await port.unplug()
    await until('the fault', () => !sign.health.ok)
    sign.show(frameOf(8), 'b')
    sign.show(frameOf(9), 'c')

    panel.shown.length = 0
    await port.plug()
    await until('the sign works again', () => sign.health.ok)
    await until('the newest frame', () => panel.last?.[0] === 9)
    expect(valuesOf(panel)).toEqual([9])
  })

  test('the same frame is sent again after the port comes back, with a pad before it', async () => {
    const raw: Uint8Array[] = []
    await using port = await FakePort.create((bytes) => raw.push(bytes))
    await port.plug()
    await using sign = await openAdalightSignboard(configOf(port.path), { timing: QUICK })
    const bytes = () => Buffer.concat(raw)
    sign.show(frameOf(7), 'a')
    await until('the frame', () => bytes().length === 1 + 6 + 96)
    expect([...bytes().subarray(0, 4)]).toEqual([0, 0x41, 0x64, 0x61])

    await port.unplug()
    await until('the fault', () => !sign.health.ok)
    raw.length = 0
    await port.plug()
    await until('the frame again', () => bytes().length === 1 + 6 + 96)
    expect([...bytes().subarray(0, 4)]).toEqual([0, 0x41, 0x64, 0x61])
  })

  test('a port that is not there at the start is a fault, and is found when it comes', async () => {
    const panel = new AdalightPanel()
    await using port = await FakePort.create(panel.feed)
    await using sign = await openAdalightSignboard(configOf(port.path), { timing: QUICK })
    expect(sign.health).toMatchObject({ ok: false })
    expect(sign.health.message).toContain('No such file')
    sign.show(frameOf(3), 'a')
    await port.plug()
    await until('the frame', () => panel.last?.[0] === 3)
    await until('the sign works', () => sign.health.ok)
  })

  test('a line that takes nothing any more is given up and opened again', async () => {
    const panel = new AdalightPanel()
    await using port = await FakePort.create(panel.feed)
    await port.plug()
    const size = { width: 200, height: 100 }
    await using sign = await openAdalightSignboard(configOf(port.path, { ...size, baud: 2_000_000 }), {
      timing: QUICK,
    })
    port.stall()
    const faults: string[] = []
    for (let value = 1; value <= 3; value += 1) sign.show(frameOf(value, size.width, size.height), 'a')
    await until('the fault', () => {
      if (!sign.health.ok) faults.push(sign.health.message)
      return faults.length > 0
    })
    expect(faults[0]).toContain('nothing was taken')
    port.resume()
    panel.shown.length = 0
    await until('the newest frame', () => panel.last?.[0] === 3)
    await until('the sign works again', () => sign.health.ok)
  })

  test('a frame is said again when nothing new has come for a while', async () => {
    const panel = new AdalightPanel()
    await using port = await FakePort.create(panel.feed)
    await port.plug()
    await using sign = await openAdalightSignboard(configOf(port.path), {
      timing: { ...QUICK, reassertMs: 50 },
    })
    sign.show(frameOf(5), 'a')
    await until('three times the same', () => panel.shown.length >= 3)
    expect(new Set(valuesOf(panel))).toEqual(new Set([5]))
  })

  test('frames are paced by the baud rate, and a newer one replaces the one that waits', async () => {
    const panel = new AdalightPanel()
    await using port = await FakePort.create(panel.feed)
    await port.plug()
    const baud = 9600
    await using sign = await openAdalightSignboard(configOf(port.path, { baud }), { timing: QUICK })
    const wireMs = 1000 / sign.framesPerSecond
    const begun = performance.now()
    for (let value = 1; value <= 50; value += 1) {
      sign.show(frameOf(value), 'a')
      if (value === 1) await until('the first frame', () => panel.shown.length === 1)
    }
    await until('the last frame', () => panel.last?.[0] === 50)
    expect(valuesOf(panel)).toEqual([1, 50])
    expect(performance.now() - begun).toBeGreaterThanOrEqual(wireMs)
  })
})

test('the port is opened by its name with 8 data bits, no parity, one stop bit', async () => {
  const asked: SerialSettings[] = []
  SerialPortMock.binding.createPort('/dev/serial/by-id/usb-x', { record: true })
  const openPort = (settings: SerialSettings): Promise<SerialPortMock> => {
    asked.push(settings)
    const { path, baudRate } = settings
    return new Promise((resolve, reject) => {
      const port: SerialPortMock = new SerialPortMock({ path, baudRate }, (error) =>
        error === null ? resolve(port) : reject(error),
      )
    })
  }
  await using sign = await openAdalightSignboard(configOf('/dev/serial/by-id/usb-x'), {
    timing: QUICK,
    openPort,
  })
  expect(sign.health.ok).toBe(true)
  expect(asked).toMatchObject([
    { path: '/dev/serial/by-id/usb-x', baudRate: 921_600, dataBits: 8, parity: 'none', stopBits: 1 },
  ])
})

test('a panel of more LEDs than the header can count is refused', async () => {
  await expect(
    openAdalightSignboard(configOf('/dev/null', { width: 512, height: 129 }), { timing: QUICK }),
  ).rejects.toMatchObject({
    code: 'CONFIG',
  })
})
