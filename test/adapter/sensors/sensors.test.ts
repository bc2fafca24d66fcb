import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync, symlinkSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSensors } from '../../../agent/adapters/sensors/sensors.ts'
import type { Readings } from '../../../agent/core/sensor/reading.ts'
import { readBoard } from '../../../agent/wire/board.ts'
import { openLibc } from '../../../drivers/native/libc.ts'
import { KernelFiles, WELL } from '../../fakes/kernel-files.ts'
import { BOARD } from '../../fixtures/board.ts'

let kernel: KernelFiles
beforeEach(() => {
  kernel = new KernelFiles()
})
afterEach(() => kernel[Symbol.dispose]())

const WIRED = {
  supply: { device: 'ads1015', channel: 'voltage0', divider: 6, minVolts: 11, backVolts: 11.5 },
  current: { driver: 'hwmon', device: 'ina219', channel: 'curr1' },
}
const sensorsOf = (wired: object = {}, deadlineMs = 1000) => {
  const { sensors: config } = readBoard({ ...BOARD, sensors: { root: kernel.root, ...wired } }, 'board.yaml')
  return createSensors({
    config,
    stateFolder: kernel.root,
    leaveMemory: (fd) => openLibc().dropPages(fd),
    deadlineMs,
    keptMs: 0,
  })
}
const read = (wired?: object): Promise<Readings> => sensorsOf(wired).read()

describe('a board on which all is well', () => {
  test('says so in the units of its sensors', async () => {
    kernel.put(WELL)
    expect(await read(WIRED)).toEqual({
      cpu: { value: 48.312 },
      slowed: { value: 0 },
      slowedBefore: { value: 0 },
      undervoltage: { value: 0 },
      undervoltageBefore: { value: 0 },
      supply: { value: expect.closeTo(12.396, 6) },
      current: { value: 0.83 },
      battery: { value: 87 },
      mains: { value: 1 },
      fan: { value: 2400 },
      errors: { value: 0 },
      wear: { value: 30 },
      spare: { value: 1 },
      card: undefined,
      memory: { value: 312 },
      stalled: { value: 0.5 },
      load: { value: 0.2 },
    })
  })

  test('needs none of it: a machine without any of these files has no sensor and no fault', async () => {
    const readings = await read()
    expect(Object.values(readings).filter((reading) => reading !== undefined)).toEqual([])
  })

  test('is this machine too, whatever it has', async () => {
    const readings = await sensorsOf({ root: '/' }).read()
    expect(readings.memory).toMatchObject({ value: expect.any(Number) })
    expect(readings.load).toMatchObject({ value: expect.any(Number) })
  })
})

describe('what is not well', () => {
  test.each<[string, Readonly<Record<string, string | number>>, Readings]>([
    [
      'the firmware says that the supply is too low now, which is no sign of heat',
      { '/sys/devices/platform/soc/soc:firmware/get_throttled': '50005' },
      { undervoltage: { value: 1 }, undervoltageBefore: { value: 1 }, slowed: { value: 0 } },
    ],
    [
      'it was too low before',
      { '/sys/devices/platform/soc/soc:firmware/get_throttled': '0x50000' },
      {
        undervoltage: { value: 0 },
        undervoltageBefore: { value: 1 },
        slowed: { value: 0 },
        slowedBefore: { value: 0 },
      },
    ],
    [
      'the alarm of its driver says it alone',
      { '/sys/class/hwmon/hwmon0/in0_lcrit_alarm': 1 },
      { undervoltage: { value: 1 }, undervoltageBefore: { value: 0 } },
    ],
    [
      'heat makes the processor slower, as the firmware says',
      { '/sys/devices/platform/soc/soc:firmware/get_throttled': 'e0008' },
      { undervoltage: { value: 0 }, slowed: { value: 1 }, slowedBefore: { value: 1 } },
    ],
    [
      'or as the kernel says',
      { '/sys/class/thermal/cooling_device1/cur_state': 3 },
      { slowed: { value: 1 } },
    ],
    [
      'the fan rests',
      { '/sys/class/hwmon/hwmon2/fan1_input': 0, '/sys/class/hwmon/hwmon2/pwm1': 0 },
      { fan: { value: 0, resting: true } },
    ],
    [
      'ext4 has counted faults, with the first of them',
      {
        '/sys/fs/ext4/mmcblk0p2/errors_count': 3,
        '/sys/fs/ext4/mmcblk0p2/first_error_func': 'ext4_lookup',
        '/sys/fs/ext4/mmcblk0p2/first_error_time': 1_764_000_000,
        '/sys/fs/ext4/sda1/errors_count': 1,
      },
      { errors: { value: 4, detail: 'mmcblk0p2 ext4_lookup at 2025-11-24T16:00:00.000Z, sda1' } },
    ],
    [
      'the eMMC is beyond its life',
      {
        '/sys/block/mmcblk0/device/life_time': '0x02 0x0b',
        '/sys/block/mmcblk0/device/pre_eol_info': '0x03',
      },
      { wear: { value: 110 }, spare: { value: 3 } },
    ],
    ['there is no mains', { '/sys/class/power_supply/ac/online': 0 }, { mains: { value: 0 } }],
  ])('%s', async (_, files, expected) => {
    kernel.put({ ...WELL, ...files })
    expect(await read()).toMatchObject(expected)
  })
})

describe('channels', () => {
  const channel = (source: { driver?: 'iio' | 'hwmon'; device: string; channel: string }) =>
    sensorsOf().channel({ driver: 'iio', ...source })

  test('are found by name, label or folder, with scale and offset of their own or of their kind', async () => {
    const folder = '/sys/bus/iio/devices/iio:device1'
    kernel.put({
      ...WELL,
      [`${folder}/name`]: 'ads1015',
      [`${folder}/label`]: 'lines',
      [`${folder}/in_voltage1_raw`]: 100,
      [`${folder}/in_voltage_scale`]: 0.5,
      [`${folder}/in_voltage1_offset`]: -20,
      [`${folder}/in_current0_input`]: 1500,
      [`${folder}/in_voltage2-voltage3_raw`]: -400,
      [`${folder}/in_voltage-voltage_scale`]: 3,
    })
    expect(await channel({ device: 'lines', channel: 'voltage1' })).toEqual({ value: 0.04 })
    expect(await channel({ device: 'iio:device1', channel: 'current0' })).toEqual({ value: 1.5 })
    expect(await channel({ device: 'lines', channel: 'voltage2-voltage3' })).toEqual({ value: -1.2 })
    expect(await channel({ driver: 'hwmon', device: 'ina219', channel: 'in1' })).toEqual({ value: 12.4 })
  })

  test('that are not there say so', async () => {
    kernel.put(WELL)
    expect(await channel({ device: 'hx711', channel: 'voltage0' })).toEqual({
      fault: 'there is no iio device hx711',
    })
    expect(await channel({ device: 'ads1015', channel: 'voltage7' })).toEqual({
      fault: 'iio device ads1015 has no channel voltage7',
    })
  })
})

describe('a sensor that is broken', () => {
  const RAW = '/sys/bus/iio/devices/iio:device0/in_voltage0_raw'

  test.each(['', 'nan', '12 volts', '0x10', '--3', '\u0007'.repeat(100)])(
    'and says %j is a fault, and keeps no other from being read',
    async (text) => {
      kernel.put({ ...WELL, [RAW]: text })
      const { supply, cpu } = await read(WIRED)
      expect(supply).toEqual({ fault: expect.stringContaining('in_voltage0_raw says') })
      expect(cpu).toEqual({ value: 48.312 })
    },
  )

  test('and gives an input/output error is a fault', async () => {
    kernel.put(WELL)
    kernel.breakFile(RAW)
    kernel.breakFile('/proc/loadavg')
    const { supply, load, memory } = await read(WIRED)
    expect(supply).toEqual({ fault: expect.stringContaining('EIO') })
    expect(load).toEqual({ fault: expect.stringContaining('EIO') })
    expect(memory).toEqual({ value: 312 })
  })

  test('and vanishes with its folder is a fault where the board names it, else absent', async () => {
    kernel.put(WELL)
    kernel.remove('/sys/bus/iio')
    kernel.remove('/sys/class/thermal')
    const readings = await read(WIRED)
    expect(readings.supply).toEqual({ fault: 'there is no iio device ads1015' })
    expect(readings.cpu).toBeUndefined()
  })

  test('a folder in place of a file is a fault', async () => {
    kernel.put({ ...WELL, '/sys/class/power_supply/bat1/type/x': 1 })
    expect((await read()).battery).toEqual({ fault: expect.stringContaining('EISDIR') })
  })

  test('and never answers is a fault within its deadline, and is asked again only when it has answered', async () => {
    kernel.put(WELL)
    kernel.remove(RAW)
    const fifo = join(kernel.root, RAW)
    execFileSync('mkfifo', [fifo])
    const sensors = sensorsOf(WIRED, 100)
    const begun = performance.now()
    expect((await sensors.read()).supply).toEqual({ fault: expect.stringContaining('does not answer') })
    expect((await sensors.read()).supply).toEqual({ fault: expect.stringContaining('does not answer') })
    expect((await sensors.read()).cpu).toEqual({ value: 48.312 })
    // Three looks, of which the first waits for its deadline and the others not at all.
    expect(performance.now() - begun).toBeLessThan(5000)
    // Whoever writes lets the read go on that was still waiting.
    closeSync(openSync(fifo, 'w'))
  })
})

describe('the disk of the state', () => {
  const dropPages = (fd: number): void => {
    openLibc().dropPages(fd)
  }
  const card = (folder: string, leaveMemory = dropPages) =>
    createSensors({ config: readBoard(BOARD, 'b').sensors, stateFolder: folder, leaveMemory }).tryCard()

  test('is written to and read back, and nothing is left', async () => {
    expect(await card(kernel.root)).toEqual({ value: 0 })
    expect(existsSync(join(kernel.root, 'card-test'))).toBe(false)
  })

  test('that gives back something else is found out', async () => {
    const forget = (): void => truncateSync(join(kernel.root, 'card-test'), 100)
    expect(await card(kernel.root, forget)).toEqual({
      value: 1,
      detail: 'what was written did not come back',
    })
  })

  test('that refuses is a fault; one that is full is told by others', async () => {
    expect(await card(join(tmpdir(), 'there-is-no-such-folder'))).toEqual({
      value: 1,
      detail: expect.stringContaining('ENOENT'),
    })
    // A place that takes nothing stands in for the file.
    symlinkSync('/dev/full', join(kernel.root, 'card-test'))
    expect(await card(kernel.root)).toBeUndefined()
  })
})

test('pages of a file leave the memory, and a descriptor that is not open is refused', () => {
  const fd = openSync(join(import.meta.dirname, 'sensors.test.ts'), 'r')
  expect(openLibc().dropPages(fd)).toBe(0)
  closeSync(fd)
  expect(openLibc().dropPages(-1)).toBe(-9)
})
