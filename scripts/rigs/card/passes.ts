import { eventually } from '../../../test/rig/eventually.ts'
import type { Hand } from '../emulated/hand.ts'
import type { Judge } from '../emulated/judge.ts'
import type { Card } from './card.ts'
import { NO_WATCHDOG, type Pi } from './pi.ts'

const BOOT_MS = 1_500_000
const STEP_MS = 600_000
const MIB = 1024 * 1024
const FIRST_BOARD = '10000000aaaaaaaa'
const OTHER_BOARD = '10000000bbbbbbbb'
const HOST_KEY = '/etc/ssh/ssh_host_ed25519_key.pub'

export type Identity = { readonly machineId: string; readonly hostKey: string }
const identityOn = (card: Card): Identity => ({
  machineId: card.text(2, '/etc/machine-id').trim(),
  hostKey: card.text(2, HOST_KEY).split(' ')[1] ?? '',
})

const says = async (hand: Hand, command: string): Promise<string> =>
  (await hand.run(command, STEP_MS)).output.trim()

/** What the hand calls for, and a card does not have. */
const BUSYBOX = `mount -t tmpfs tmpfs /usr/local/bin && printf '#!/bin/sh\\nexec "$@"\\n' >/usr/local/bin/busybox && chmod 755 /usr/local/bin/busybox`

/** Waits for the shell at the console, and makes it one that writes nothing of its own between the lines. */
const shell = async (hand: Hand): Promise<void> => {
  const until = performance.now() + BOOT_MS
  for (let isThere = false; !isThere; ) {
    try {
      await hand.run('true', 30_000)
      isThere = true
    } catch (error) {
      if (performance.now() > until) throw error
    }
  }
  hand.type('exec sh')
  hand.type('stty -echo')
  // A prompt would stand before the first line of an answer.
  hand.type('PS1=')
  hand.type(BUSYBOX)
  await hand.run('true', STEP_MS)
}

/** What a unit that failed had to say, for whoever reads the findings. */
const tellOfFailed = async (hand: Hand): Promise<string> => {
  const failed = await says(hand, 'systemctl --failed --no-legend --plain | cut -d" " -f1')
  for (const unit of failed.split('\n').filter((line) => line !== ''))
    console.log(await says(hand, `journalctl --no-pager -o cat -n 20 -u ${unit}`))
  return failed
}

const MOUNTS = {
  '/': ['ro', 'noatime', 'commit=600'],
  '/var': ['rw', 'noatime', 'commit=600', 'nosuid', 'nodev'],
  '/boot/firmware': ['ro'],
} as const

const lookAround = async (hand: Hand, card: Card, judge: Judge): Promise<void> => {
  for (const [place, wanted] of Object.entries(MOUNTS)) {
    const options = (await says(hand, `findmnt -no OPTIONS ${place}`)).split(',')
    judge.is(
      `${place} without`,
      wanted.filter((each) => !options.includes(each)),
      [],
    )
  }
  judge.is('swap', await says(hand, 'swapon --noheadings'), '')
  const varMib = Number(await says(hand, 'df --output=size -m /var | tail -1'))
  judge.is('/var has grown with its partition', varMib > (0.9 * card.part(3).bytes) / MIB, true)
  judge.is('failed units', await tellOfFailed(hand), '')
  judge.is('sshd', await says(hand, 'systemctl is-active ssh'), 'active')
  judge.is(
    'sshd as configured',
    await says(
      hand,
      'sshd -T | grep -E "^(passwordauthentication|permitrootlogin|kbdinteractiveauthentication) " | sort',
    ),
    'kbdinteractiveauthentication no\npasswordauthentication no\npermitrootlogin no',
  )
  judge.is(
    'journal',
    await says(hand, 'ls -d /var/log/journal 2>/dev/null; ls -d /run/log/journal'),
    '/run/log/journal',
  )
  judge.is('clock file', await says(hand, 'test -e /var/lib/systemd/timesync/clock && echo there'), 'there')
  judge.is('watchdog device', await says(hand, 'test -c /dev/watchdog0 && echo there'), 'there')
  judge.is('etc is read-only', await says(hand, 'touch /etc/x 2>/dev/null || echo refused'), 'refused')
}

/** What a technician puts on the card. No broker answers: the agent must not need one. */
const SECRET = 'a-secret-of-this-rig'
const ANSWERS = `id: d-7k2m4q9x
place: { province: "75", commune: "26068" }
board: virtual
brokers: ["mqtts://127.0.0.1:1"]
username: rig
password: ${SECRET}
signatures: off
`
const CONFIGURATION = '/lib/loa-card/etc/loa/agent.yaml'

/** Set up by loa.yaml, and an agent that is ready by itself. */
const lookAtAgent = async (hand: Hand, judge: Judge): Promise<void> => {
  judge.is('loa.yaml obeyed', await says(hand, 'systemctl show -P Result loa-agent-setup'), 'success')
  const state = await eventually(
    'the agent is active',
    async () => ((await says(hand, 'systemctl is-active loa-agent')) === 'active' ? 'active' : undefined),
    STEP_MS,
  )
  judge.is('agent', state, 'active')
  judge.is('configuration', (await hand.run('loa config check /etc/loa/agent.yaml', STEP_MS)).code, 0)
  judge.is('status', (await hand.run('loa status --json >/dev/null', STEP_MS)).code, 0)
  judge.is(
    'keys of the technician',
    await says(hand, 'sshd -T -C user=technician | grep ^authorizedkeysfile'),
    'authorizedkeysfile /var/lib/loa-card/ssh/%u',
  )
}

/** On the card, when nobody has it: the secret is gone, from where it lay as well. */
const lookAtBoot = (card: Card, judge: Judge, keys: string): void => {
  const names = card.namesOnBoot()
  judge.is('loa.yaml is gone', names.includes('loa.yaml'), false)
  judge.is('loa.done.yaml is there', names.includes('loa.done.yaml'), true)
  judge.is('what was wrong with it', names.includes('loa-error.txt'), false)
  judge.is('secret on the boot partition', card.bootHolds(SECRET), false)
  judge.is('configured', card.text(3, CONFIGURATION).includes('d-7k2m4q9x'), true)
  judge.is('keys taken', card.text(3, '/lib/loa-card/ssh/technician') === keys, true)
}

/** What came with the first start, on the card when nobody has it. */
const lookAtCard = (card: Card, judge: Judge): Identity => {
  const identity = identityOn(card)
  judge.is('machine id', /^[0-9a-f]{32}$/.test(identity.machineId), true)
  judge.is('host key', identity.hostKey.startsWith('AAAAC3'), true)
  judge.is('board noted', card.text(2, '/etc/loa-card-board').trim(), FIRST_BOARD)
  judge.is('host name', card.text(2, '/etc/hostname').trim(), `loa-${identity.machineId.slice(0, 6)}`)
  const data = card.part(3)
  judge.is('data to the end of the card', Math.round((card.bytes - data.from - data.bytes) / MIB), 0)
  judge.is('check of the system', card.check(2), 0)
  return identity
}

const runFirst = async (pi: Pi, card: Card, judge: Judge): Promise<void> => {
  const how = { name: 'first', serial: FIRST_BOARD, kernelOptions: NO_WATCHDOG, overlay: 'loa-i2s-dac' }
  const { board, hand: typing } = await pi.startWithShell(how)
  await using running = board
  using hand = typing
  await shell(hand)
  const up = await hand.run('systemctl is-system-running --wait', BOOT_MS)
  judge.is('up', up.output.trim(), 'running')
  console.log(`  up after ${(running.onForMs / 1000).toFixed(0)} s of this machine`)
  await lookAround(hand, card, judge)
  // A partition that grew must not have been taken away from under what stands on it.
  const once = 'udevadm settle; systemctl show -P InactiveEnterTimestampMonotonic var.mount multi-user.target'
  judge.is('/var and all on it never stopped', (await says(hand, once)).split(/\s+/), ['0', '0'])
  // Its modules may come after everything else.
  const sound =
    'for i in $(seq 60); do grep -o sndrpihifiberry /proc/asound/cards && break; sleep 1; done | head -1'
  judge.is('sound card on I2S', await says(hand, sound), 'sndrpihifiberry')
  await lookAtAgent(hand, judge)
  console.log(`  ${await says(hand, 'systemd-analyze time | head -1')}`)
  console.log(`  ${await says(hand, "free -m | awk '/^Mem/ {print $2, $3, $7}'")} MB: all, used, free`)
  await hand.run('sync', STEP_MS)
}

/** A card that was never on, as it is prepared for a receiver: until it is up and does its work, and then the power goes. */
export const firstStart = async (pi: Pi, card: Card, judge: Judge, keys: string): Promise<Identity> => {
  judge.begin('first start')
  judge.is('no identity before', identityOn(card), { machineId: '', hostKey: '' })
  judge.is('not configured before', card.text(3, CONFIGURATION), '')
  card.putOnBoot('loa.yaml', ANSWERS)
  card.putOnBoot('authorized_keys', keys)
  await runFirst(pi, card, judge)
  lookAtBoot(card, judge, keys)
  return lookAtCard(card, judge)
}

/** After the power cut, to the login: nothing of it becomes another. */
export const secondStart = async (pi: Pi, card: Card, judge: Judge, before: Identity): Promise<void> => {
  judge.begin('second start')
  const onCard = (): readonly unknown[] => [
    card.text(3, CONFIGURATION),
    card.text(2, '/etc/hostname'),
    card.part(3),
    card.namesOnBoot(),
  ]
  const was = onCard()
  {
    await using board = pi.start({ name: 'second', serial: FIRST_BOARD, kernelOptions: NO_WATCHDOG })
    await board.says(/ login: /, BOOT_MS)
    console.log(`  login after ${(board.onForMs / 1000).toFixed(0)} s of this machine`)
  }
  judge.is('the same identity', identityOn(card), before)
  judge.is('the same card', JSON.stringify(onCard()) === JSON.stringify(was), true)
  judge.is('check of the system', card.check(2), 0)
}

/** In another board: another identity. And the watchdog is armed, at which the emulator resets the board. */
export const inAnotherBoard = async (pi: Pi, card: Card, judge: Judge, before: Identity): Promise<void> => {
  judge.begin('another board')
  {
    const how = { name: 'other', serial: OTHER_BOARD, kernelOptions: NO_WATCHDOG }
    const { board, hand: typing } = await pi.startWithShell(how)
    await using _running = board
    using hand = typing
    await shell(hand)
    await hand.run('systemctl is-system-running --wait', BOOT_MS)
    judge.is('failed units', await tellOfFailed(hand), '')
    // It is kept under the machine id, which has just become another.
    judge.is('journal is read', await says(hand, 'journalctl -q -o cat -n 1 | wc -l'), '1')
  }
  const after = identityOn(card)
  judge.is('another machine id', after.machineId !== before.machineId && after.machineId.length === 32, true)
  judge.is('another host key', after.hostKey !== before.hostKey && after.hostKey !== '', true)
  judge.begin('watchdog')
  await using board = pi.start({ name: 'watchdog', serial: OTHER_BOARD })
  const ended = await eventually('the board was reset', () => (board.isOn ? undefined : true), BOOT_MS)
  judge.is('armed', ended, true)
  judge.is('before the login', / login: /.test(board.console), false)
}
