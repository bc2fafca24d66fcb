import { execFileSync } from 'node:child_process'
import { existsSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cached } from '../packaging/cached.ts'
import { accessOptions } from '../rigs/board/debian.ts'

/** The first whose kernel knows I2S sound and has device trees that take overlays. */
export const RELEASE = 'trixie'
const MIRROR = 'http://deb.debian.org'
const COMPONENTS = 'main non-free-firmware'
const NAME = 'card-base'
const LIMIT_MS = 7_200_000

/** Beside what Debian calls required, apt, and what the agent's own package depends on. */
const PACKAGES = [
  // What starts the board, and its Wi-Fi.
  ...['linux-image-arm64', 'raspi-firmware', 'firmware-brcm80211', 'wireless-regdb'],
  ...['systemd-sysv', 'udev', 'dbus', 'systemd-timesyncd', 'kmod', 'util-linux-extra'],
  // What the kernel starts from: unpacked four times as fast as with gzip.
  'zstd',
  ...['fdisk', 'e2fsprogs', 'dosfstools'],
  // Ethernet, Wi-Fi, a modem.
  ...['network-manager', 'modemmanager', 'wpasupplicant', 'polkitd', 'iproute2', 'iputils-ping'],
  // Whoever comes by SSH.
  ...['openssh-server', 'sudo', 'ca-certificates', 'tzdata', 'less', 'nano', 'procps'],
  ...['ffmpeg', 'espeak-ng', 'alsa-utils', 'libasound2t64', 'usbutils', 'i2c-tools'],
]
/** Nobody reads them on a receiver, which has no man either; what the agent's package has to read is kept. */
const LEFT_OUT = [
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-include=/usr/share/doc/loa-agent/*',
  'path-exclude=/usr/share/locale/*',
  'path-exclude=/usr/share/info/*',
]

const FOREIGN = join(import.meta.dirname, 'foreign')

/** Runs a command where programs for arm64 run. */
export const runForeign = (words: readonly string[]): void => {
  execFileSync(FOREIGN, [...words], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: LIMIT_MS,
    cwd: '/',
  })
}

const sources = (): readonly string[] => [
  `deb ${MIRROR}/debian ${RELEASE} ${COMPONENTS}`,
  `deb ${MIRROR}/debian ${RELEASE}-updates ${COMPONENTS}`,
  `deb ${MIRROR}/debian-security ${RELEASE}-security ${COMPONENTS}`,
]

/**
 * The archive of a configured Debian for arm64 with everything that a card needs beside the agent; made once, of the packages
 * of the day on which it was, or of today when it is to be `fresh`.
 */
export const debianBase = (cache: string, fresh: boolean): string => {
  if (fresh)
    for (const each of globSync(join(cache, `${NAME}-*`))) rmSync(each, { recursive: true, force: true })
  const folder = cached(cache, NAME, [RELEASE, PACKAGES, LEFT_OUT, 2], (into) => {
    runForeign([
      ...['mmdebstrap', '--mode=root', '--skip=check/qemu', '--variant=extract', '--architectures=arm64'],
      // Enough that scripts of packages can run; `install` puts in these like all others.
      '--include=?essential',
      ...accessOptions(),
      '--aptopt=APT::Install-Recommends "false"',
      ...LEFT_OUT.map((line) => `--dpkgopt=${line}`),
      `--extract-hook=${join(import.meta.dirname, 'install')} "$1" ${PACKAGES.join(' ')}`,
      ...[RELEASE, join(into, 'base.tar'), ...sources()],
    ])
  })
  const archive = join(folder, 'base.tar')
  if (!existsSync(archive)) throw new Error(`${folder} is not whole: remove it`)
  return archive
}
