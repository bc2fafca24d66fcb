import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { createSystemFiles } from '../../../agent/adapters/system/files.ts'
import { createMachine } from '../../../agent/adapters/system/machine.ts'
import { readResidentMb } from '../../../agent/adapters/system/resident.ts'
import { rootOf } from '../../fakes/root.ts'

const machineOf = (files: Readonly<Record<string, string>>) => createMachine(tmpdir(), rootOf(files))

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
