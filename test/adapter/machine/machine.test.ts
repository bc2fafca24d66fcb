import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSystemFiles } from '../../../agent/adapters/system/files.ts'
import { createMachine } from '../../../agent/adapters/system/machine.ts'
import { readResidentMb } from '../../../agent/adapters/system/resident.ts'

/** A tree of files that stands for `/`. */
const rootOf = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), 'loa-root-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}
const machineOf = (files: Readonly<Record<string, string>>) => createMachine(tmpdir(), rootOf(files))

const ROUTES = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n'
const route = (device: string, metric: number, flags = '0003', mask = '00000000'): string =>
  `${device}\t00000000\t010200C0\t${flags}\t0\t0\t${metric}\t${mask}\t0\t0\t0\n`

describe('a Raspberry Pi', () => {
  const machine = machineOf({
    'etc/machine-id': 'b9ad0f2c6f0f4d5e8a3c1f7e2d4b6a90\n',
    'proc/sys/kernel/random/boot_id': '90c424bb-2fa8-439c-b180-8ae21e6612e1\n',
    'proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.4\0',
    'proc/device-tree/serial-number': '10000000abcdef01\0',
    'etc/os-release': 'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  })

  it('is described by its device tree and system files', () => {
    expect(machine).toMatchObject({
      machineId: 'b9ad0f2c6f0f4d5e8a3c1f7e2d4b6a90',
      kernelBootId: '90c424bb-2fa8-439c-b180-8ae21e6612e1',
      model: 'Raspberry Pi 4 Model B Rev 1.4',
      serial: '10000000abcdef01',
      os: 'Debian GNU/Linux 12 (bookworm)',
    })
  })
})

it('a PC is described by its DMI table', () => {
  const machine = machineOf({
    'sys/class/dmi/id/sys_vendor': 'LENOVO\n',
    'sys/class/dmi/id/product_name': '20AQ\n',
    'proc/cpuinfo': 'processor\t: 0\nSerial\t\t: 00000000feedbeef\n',
  })
  expect(machine).toMatchObject({ model: 'LENOVO 20AQ', serial: '00000000feedbeef' })
})

it('a machine that tells nothing is unknown in every respect and never a fault', () => {
  const machine = createMachine('/nonexistent/state', '/nonexistent/root')
  expect(machine).toMatchObject({
    machineId: 'unknown',
    kernelBootId: 'unknown',
    model: 'unknown',
    serial: 'unknown',
    os: 'unknown',
  })
  expect(machine.residentMb()).toBe(0)
  expect(machine.freeDiskMb()).toBe(0)
  expect(machine.bearer()).toBe('none')
})

it('the machine that runs this test tells its boot, its free disk and our memory', () => {
  const machine = createMachine(tmpdir())
  expect(machine.kernelBootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  expect(machine.freeDiskMb()).toBeGreaterThan(0)
  expect(machine.residentMb()).toBeGreaterThan(10)
})

describe('the memory of a process', () => {
  it('includes its descendants and nobody else', () => {
    const status = (parent: number, kb: number): string => `Name:\tx\nPPid:\t${parent}\nVmRSS:\t  ${kb} kB\n`
    const files = createSystemFiles(
      rootOf({
        'proc/1/status': status(0, 9999),
        'proc/100/status': status(1, 40 * 1024),
        'proc/101/status': status(100, 25 * 1024),
        'proc/102/status': status(101, 10 * 1024),
        'proc/200/status': status(1, 500 * 1024),
        // A kernel thread has no memory of its own.
        'proc/103/status': 'Name:\tkthread\nPPid:\t100\n',
        'proc/self/status': status(1, 123_456),
      }),
    )
    expect(readResidentMb(files, 100)).toBe(75)
  })

  it('grows by that of a child', async () => {
    const files = createSystemFiles('/')
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log("up")'])
    try {
      await once(child.stdout, 'data')
      const alone = readResidentMb(files, child.pid ?? 0)
      expect(alone).toBeGreaterThan(10)
      expect(readResidentMb(files, process.pid)).toBeGreaterThan(alone + 10)
    } finally {
      child.kill()
      await once(child, 'exit')
    }
  })
})

describe('the bearer', () => {
  it.each([
    {
      says: 'the card of the default route',
      files: { 'proc/net/route': ROUTES + route('eth0', 100) },
      bearer: 'ethernet',
    },
    {
      says: 'the default route of lowest metric',
      files: {
        'proc/net/route': ROUTES + route('eth0', 700) + route('wlan0', 600),
        'sys/class/net/wlan0/phy80211': '',
      },
      bearer: 'wifi',
    },
    {
      says: 'a modem by its device type',
      files: {
        'proc/net/route': ROUTES + route('wwu1i4', 100),
        'sys/class/net/wwu1i4/uevent': 'DEVTYPE=wwan\nINTERFACE=wwu1i4\n',
      },
      bearer: 'cellular',
    },
    { says: 'a dialled link', files: { 'proc/net/route': ROUTES + route('ppp0', 0) }, bearer: 'cellular' },
    { says: 'a tunnel', files: { 'proc/net/route': ROUTES + route('wg0', 0) }, bearer: 'vpn' },
    {
      says: 'the IPv6 default route when there is no other',
      files: {
        'proc/net/ipv6_route': `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} ffffffff 00000001 00000000 00200200       lo\n${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe80${'0'.repeat(27)}1 00000400 00000001 00000000 00000003     eth0\n`,
      },
      bearer: 'ethernet',
    },
    {
      says: 'none while routes lead to neighbours only, are down or reject',
      files: {
        'proc/net/route':
          ROUTES + route('eth0', 0, '0001', '00FFFFFF') + route('eth0', 0, '0002') + route('*', 0, '0201'),
      },
      bearer: 'none',
    },
  ])('is $says', ({ files, bearer }) => {
    expect(machineOf(files).bearer()).toBe(bearer)
  })
})
