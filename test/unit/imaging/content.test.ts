import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cardFiles } from '../../../scripts/imaging/card-files.ts'
import { contentFaults } from '../../../scripts/imaging/content.ts'
import { cpioArchive } from '../../../scripts/rigs/board/cpio.ts'

const UNITS = [
  'multi-user.target.wants/loa-agent.service',
  'multi-user.target.wants/loa-agent-enrol.service',
  'multi-user.target.wants/loa-agent-setup.service',
  'multi-user.target.wants/loa-card-keys.service',
  'multi-user.target.wants/NetworkManager.service',
  'multi-user.target.wants/ssh.service',
  'sysinit.target.wants/loa-card-first-boot.service',
  'sysinit.target.wants/systemd-timesyncd.service',
  'timers.target.wants/fstrim.timer',
  'var.mount.wants/loa-card-grow.service',
]
const BOOT = [
  ...['bootcode.bin', 'start.elf', 'start4.elf', 'board.txt', 'loa.yaml.example', 'vmlinuz-6'],
  ...['bcm2837-rpi-3-b.dtb', 'bcm2837-rpi-3-b-plus.dtb', 'bcm2837-rpi-zero-2-w.dtb', 'bcm2711-rpi-4-b.dtb'],
  ...['bcm2711-rpi-cm4-io.dtb', 'overlays/loa-i2s-dac.dtbo', 'overlays/loa-rtc.dtbo'],
]
const CONFIG = 'arm_64bit=1\nkernel=vmlinuz-6\ninitramfs initrd.img-6\n'
const MODULES = ['kernel/drivers/mmc/host/bcm2835.ko.xz', 'kernel/drivers/mmc/host/sdhci-iproc.ko.xz']
const [X86_64, AARCH64] = [62, 183]

let folder = ''
const put = (path: string, text: string | Uint8Array = ''): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
const program = (processor: number): Buffer => {
  const header = Buffer.alloc(64)
  header.write('\x7fELF', 'latin1')
  header.writeUInt16LE(processor, 18)
  return header
}
/** As initramfs-tools makes it: what is packed already in an archive that is not, the rest in one that is. */
const putInitrd = (modules: readonly string[], processor: number): void => {
  const file = (path: string, content: Uint8Array) => ({ path, mode: 0o644, content })
  const first = cpioArchive(modules.map((path) => file(`usr/lib/modules/6/${path}`, Buffer.from('xz'))))
  const rest = cpioArchive([
    file('usr/lib/modules/6/kernel/fs/ext4/ext4.ko', program(AARCH64)),
    file('usr/bin/kmod', program(processor)),
  ])
  put('boot/initrd.img-6', Buffer.concat([first, Buffer.alloc(260), zstdCompressSync(rest)]))
}
const faults = (): readonly string[] => [
  ...contentFaults({
    system: join(folder, 'system'),
    data: join(folder, 'data'),
    boot: join(folder, 'boot'),
  }),
]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-content-'))
  mkdirSync(join(folder, 'data/lib'), { recursive: true })
  cardFiles(join(folder, 'system'), '0a1b2c3d')
  put('system/etc/shadow', 'root:*:1::::::\ntechnician:*:1::::::\n')
  put('system/etc/machine-id')
  put('system/usr/lib/loa-agent/scripts/loa')
  for (const unit of UNITS) put(`system/etc/systemd/system/${unit}`)
  for (const name of BOOT) put(`boot/${name}`)
  putInitrd(MODULES, AARCH64)
  put('system/usr/bin/env', program(AARCH64))
  put('boot/config.txt', `${CONFIG}include board.txt\n`)
  put('boot/cmdline.txt', 'root=PARTUUID=0a1b2c3d-02 rw rootwait ro panic=10\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('what is put on a card', () => {
  it('is found right with the files that are ours', () => {
    expect(faults()).toEqual([])
  })

  it("must not have what every card makes for itself, nor anybody's secret", () => {
    put('system/etc/machine-id', 'c'.repeat(32))
    put('system/etc/ssh/ssh_host_ed25519_key', ['-----BEGIN', 'OPENSSH PRIVATE KEY-----\n'].join(' '))
    put('system/etc/shadow', 'root:$y$abc:1::::::\nguest::1::::::\n')
    put('data/lib/loa-card/etc/loa/agent.yaml')
    put('boot/loa.yaml')
    expect(faults()).toEqual([
      'the account root has a password, or needs none',
      'the account guest has a password, or needs none',
      'there is a machine id',
      'system: etc/ssh/ssh_host_ed25519_key must not be there',
      'data: lib/loa-card/etc/loa/agent.yaml must not be there',
      'boot: loa.yaml must not be there',
      expect.stringContaining('a private key: '),
    ])
  })

  it('must be for its own processor, and have the kernel with what it reaches the card by', () => {
    put('system/usr/bin/env', program(X86_64))
    putInitrd(MODULES.slice(1), X86_64)
    rmSync(join(folder, 'boot/vmlinuz-6'))
    expect(faults()).toEqual([
      'boot: no kernel, or not the one of config.txt',
      'initial RAM disk: not for this processor: usr/bin/kmod',
      'initial RAM disk: no module mmc/host/bcm2835',
      `not for this processor: ${join(folder, 'system/usr/bin/env')}`,
    ])
  })

  it('must spare the card and start what it needs', () => {
    put('system/etc/fstab', 'PARTUUID=0a1b2c3d-02 / ext4 defaults 0 1\n/var/swap none swap sw 0 0\n')
    rmSync(join(folder, 'system/etc/systemd/system/var.mount.wants'), { recursive: true })
    put('boot/config.txt', CONFIG)
    put('boot/cmdline.txt', 'root=PARTUUID=0a1b2c3d-02 rw rootwait\n')
    expect(faults()).toEqual(
      expect.arrayContaining([
        'fstab has swap',
        'fstab: / without ro',
        'fstab: /var without commit=600',
        'var.mount.wants/loa-card-grow.service is not enabled',
        'config.txt: not "include board.txt"',
        'cmdline.txt: the system is not read-only',
      ]),
    )
  })
})
