import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cached } from '../../packaging/cached.ts'
import { debianRelease, installPackages } from './debian.ts'

/** A receiver before the package comes: systemd, what the package depends on, and what the rig itself types with. */
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'udev',
  'dbus',
  'ffmpeg',
  'espeak-ng',
  'libasound2',
  'procps',
  'busybox-static',
]
/** What a board without a network would wait for, and what would run beside the trial. */
const MASKED = [
  'systemd-networkd-wait-online.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
]
const UNUSED = ['usr/share/locale', 'var/cache/apt', 'var/lib/apt/lists']

/** A shell at the third serial port, as `board-init` has one; that of busybox would take its own dpkg and ps for the real ones. */
const HAND = `[Unit]
Description=Shell of the rig
After=sysinit.target

[Service]
ExecStartPre=/bin/busybox stty -F /dev/ttyS1 raw -echo
ExecStart=/bin/sh -c 'exec /bin/sh </dev/ttyS1 >/dev/ttyS1'
Environment=PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
Restart=always

[Install]
WantedBy=multi-user.target
`

const furnish = (tree: string): void => {
  writeFileSync(join(tree, 'etc/hostname'), 'loa\n')
  writeFileSync(join(tree, 'etc/hosts'), '127.0.0.1 localhost loa\n')
  writeFileSync(join(tree, 'etc/machine-id'), `${'c'.repeat(32)}\n`)
  writeFileSync(join(tree, 'etc/fstab'), '/dev/vda / ext4 noatime,errors=remount-ro 0 1\n')
  const units = join(tree, 'etc/systemd/system')
  writeFileSync(join(units, 'hand.service'), HAND)
  mkdirSync(join(units, 'multi-user.target.wants'), { recursive: true })
  symlinkSync('../hand.service', join(units, 'multi-user.target.wants/hand.service'))
  for (const unit of MASKED) {
    rmSync(join(units, unit), { force: true })
    symlinkSync('/dev/null', join(units, unit))
  }
  for (const folder of UNUSED) {
    rmSync(join(tree, folder), { recursive: true, force: true })
    mkdirSync(join(tree, folder))
  }
}

/**
 * Copies into `tree` an installed Debian for arm64 that systemd boots, with a shell at the third serial port. It is made
 * once, in some minutes of emulation.
 */
export const copyInstalledRoot = (cache: string, tree: string): void => {
  const folder = cached(cache, 'installed', [debianRelease(), PACKAGES, 1], (into) => {
    installPackages(join(into, 'tree'), PACKAGES)
  })
  execFileSync('cp', ['--archive', '--reflink=auto', join(folder, 'tree'), tree])
  furnish(tree)
}
