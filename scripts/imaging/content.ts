import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { foreignCode, initrdFaults } from './machine-code.ts'

/** What becomes the three partitions; each a folder. */
export type CardTrees = { readonly system: string; readonly data: string; readonly boot: string }

const ENABLED = [
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
const ON_BOOT = [
  // Of each board that it is for.
  ...['bcm2837-rpi-3-b.dtb', 'bcm2837-rpi-3-b-plus.dtb', 'bcm2837-rpi-zero-2-w.dtb'],
  ...['bcm2711-rpi-4-b.dtb', 'bcm2711-rpi-cm4-io.dtb'],
  ...['overlays/loa-i2s-dac.dtbo', 'overlays/loa-rtc.dtbo'],
  'bootcode.bin',
  'start.elf',
  'start4.elf',
  'config.txt',
  'cmdline.txt',
  'board.txt',
  'loa.yaml.example',
]
/** Made on the receiver itself, or a secret of somebody else. */
const NOT_THERE: Readonly<Record<keyof CardTrees, readonly string[]>> = {
  system: [
    ...['etc/ssh/ssh_host_*', 'etc/loa/*', 'root/.ssh/*', 'etc/NetworkManager/system-connections/*'],
    ...['etc/apt/apt.conf.d/99mmdebstrap', 'lib64', 'usr/lib/x86_64-linux-gnu', 'usr/sbin/policy-rc.d'],
    'usr/sbin/update-initramfs.real',
  ],
  data: [
    ...['lib/systemd/random-seed', 'lib/systemd/credential.secret', 'lib/dbus/machine-id', 'lib/loa/*'],
    ...['lib/loa-card/etc/loa/*.yaml', 'lib/loa-card/etc/loa/tls/*', 'lib/loa-card/etc/networks/*'],
    ...['lib/loa-card/ssh/*', 'home/*/.ssh/*', 'log/*.log', 'lib/apt/lists/*_Packages'],
  ],
  boot: ['loa.yaml', 'authorized_keys', '*.key', '*.pem'],
}
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  '/': ['ro', 'noatime', 'commit=600'],
  '/var': ['noatime', 'commit=600', 'nodev', 'nosuid', 'x-systemd.growfs'],
  '/boot/firmware': ['ro', 'umask=0077'],
}
const SSHD = [
  'PasswordAuthentication no',
  'KbdInteractiveAuthentication no',
  'PermitRootLogin no',
  'AllowUsers technician',
]

const has = (path: string): boolean => {
  try {
    // A symbolic link to what lies in the image is none here.
    return readdirSync(join(path, '..')).includes(path.split('/').at(-1) ?? '')
  } catch {
    return false
  }
}

function* mountFaults(fstab: string): Generator<string> {
  const lines = fstab.split('\n').filter((line) => !line.startsWith('#') && line.trim() !== '')
  const mounted = new Map(lines.map((line) => line.split(/\s+/)).map((words) => [words[1], words]))
  if (lines.some((line) => /\bswap\b/.test(line))) yield 'fstab has swap'
  for (const [place, wanted] of Object.entries(OPTIONS)) {
    const options = mounted.get(place)?.[3]?.split(',') ?? []
    for (const option of wanted) if (!options.includes(option)) yield `fstab: ${place} without ${option}`
  }
}

function* accountFaults(shadow: string): Generator<string> {
  for (const line of shadow.split('\n')) {
    const [name, password = ''] = line.split(':')
    if (name !== '' && !/^[!*]/.test(password)) yield `the account ${name} has a password, or needs none`
  }
}

const privateKeysIn = (folder: string): readonly string[] => {
  try {
    const words = ['-rIlE', '-D', 'skip', '--', 'BEGIN [A-Z ]*PRIVATE KEY', folder]
    return execFileSync('grep', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')
      .filter((line) => line !== '')
  } catch {
    return []
  }
}

function* systemFaults(system: string): Generator<string> {
  const text = (path: string): string => readFileSync(join(system, path), 'utf8')
  yield* mountFaults(text('etc/fstab'))
  yield* accountFaults(text('etc/shadow'))
  const sshd = text('etc/ssh/sshd_config.d/10-loa-card.conf')
  for (const line of SSHD) if (!sshd.includes(`${line}\n`)) yield `sshd_config: not "${line}"`
  if (statSync(join(system, 'etc/machine-id')).size > 0) yield 'there is a machine id'
  for (const unit of ENABLED)
    if (!has(join(system, 'etc/systemd/system', unit))) yield `${unit} is not enabled`
  if (!existsSync(join(system, 'usr/lib/loa-agent/scripts/loa'))) yield 'the agent is not installed'
}

function* kernelFaults(boot: string, config: string): Generator<string> {
  const named = (pattern: RegExp): string => join(boot, pattern.exec(config)?.[1] ?? 'not named')
  const initrd = named(/^initramfs (\S+)$/m)
  if (!existsSync(named(/^kernel=(\S+)$/m))) yield 'boot: no kernel, or not the one of config.txt'
  if (existsSync(initrd)) yield* initrdFaults(initrd)
  else yield 'boot: no initial RAM disk, or not the one of config.txt'
}

function* bootFaults(boot: string): Generator<string> {
  for (const name of ON_BOOT) if (!existsSync(join(boot, name))) yield `boot: ${name} is missing`
  const config = readFileSync(join(boot, 'config.txt'), 'utf8')
  yield* kernelFaults(boot, config)
  for (const line of ['arm_64bit=1', 'include board.txt'])
    if (!config.includes(line)) yield `config.txt: not "${line}"`
  if (!/ ro /.test(readFileSync(join(boot, 'cmdline.txt'), 'utf8')))
    yield 'cmdline.txt: the system is not read-only'
}

/** What is not as it should be in what is put on a card; nothing, when all is. */
export function* contentFaults(trees: CardTrees): Generator<string> {
  yield* systemFaults(trees.system)
  yield* bootFaults(trees.boot)
  yield* foreignCode(trees.system)
  for (const tree of ['system', 'data', 'boot'] as const)
    for (const found of NOT_THERE[tree].flatMap((pattern) => globSync(pattern, { cwd: trees[tree] })))
      yield `${tree}: ${found} must not be there`
  for (const folder of [join(trees.system, 'etc'), join(trees.data, 'lib'), trees.boot])
    for (const file of privateKeysIn(folder)) yield `a private key: ${file}`
}
