import type { DoctorDeviceWords } from '../../core/doctor/words.ts'

const SHADE = 'give the box shade and air, look at fan and heat sink; then: loa doctor'

export const enDoctorDevice: DoctorDeviceWords = {
  config: {
    valid: (file) => `configuration ${file}`,
    invalid: (file, fault) => [`${file}: ${fault}`, `correct it, then: sudo loa config check ${file}`],
    missing: (file) => [`this device is not set up: there is no ${file}`, 'sudo loa setup'],
    unreadable: (file, why) => [
      `configuration ${file} cannot be read: ${why}`,
      'ask as root: sudo loa doctor; or name another file: loa doctor --config FILE',
    ],
    boardInvalid: (board, fault) => [
      `board ${board}: ${fault}`,
      `correct it, then: loa board check ${board}`,
    ],
    changed: [
      'the configuration was changed after the agent had started',
      'check and take it up: sudo loa config check && sudo systemctl restart loa-agent',
    ],
    inForce: 'the agent runs with the configuration as it is on the disk',
  },
  agent: {
    answers: 'the agent answers',
    identity: (device, area) => `this is device ${device} of ${area}`,
    running: (version) => `loa-agent ${version}, as it is installed`,
    node: (version) => `Node ${version}`,
    nodeTooOld: (node) => [`Node ${node} is too old`, 'install the right one: scripts/setup'],
    notRestarted: (running, installed) => [
      `loa-agent ${running} runs, ${installed} is installed`,
      'start the new one: sudo systemctl restart loa-agent',
    ],
    noAnswer: (why) => [
      `the agent could not say how it is: ${why}`,
      'look why: journalctl -u loa-agent -n 50; then: sudo systemctl restart loa-agent',
    ],
    ownUser: 'the agent runs as a user of its own',
    root: [
      'the agent runs as root: a fault in it would open the whole machine',
      'let the unit start it as loa: sudo systemctl start loa-agent (README, Install)',
    ],
    groups: 'the groups loa (look) and loa-admin (act) are there',
    groupsMissing: (groups) => [
      `Unix groups missing: ${groups}; only the user of the agent may act`,
      'make them, then restart the agent: sudo systemd-sysusers /usr/lib/loa-agent/systemd/loa-agent.sysusers',
    ],
  },
  jail: {
    full: 'decoders are confined: files, network, processes, limits',
    noPerl: [
      'decoders are not confined: /usr/bin/perl is missing',
      'sudo apt install --reinstall perl-base && sudo systemctl restart loa-agent',
    ],
    oldKernel: (kernel, missing) => [
      `kernel ${kernel} is too old to confine decoders (${missing})`,
      'install the kernel of Debian or Raspberry Pi OS, 5.13 or newer: sudo apt full-upgrade',
    ],
    noLandlock: (missing) => [
      `the kernel was started without Landlock: decoders are not confined (${missing})`,
      'put landlock into lsm= of the kernel command line, reboot, then: cat /sys/kernel/security/lsm',
    ],
    refused: (missing) => [
      `something forbids to confine decoders (${missing})`,
      `does the unit allow the landlock_ calls? systemctl cat loa-agent | grep landlock; see docs/operations.md`,
    ],
  },
  disk: {
    free: (mb) => `${mb} MB free on the disk`,
    low: (mb) => [
      `only ${mb} MB free on the disk`,
      'find what fills it: sudo du -xh / | sort -h | tail; sudo journalctl --vacuum-size=50M',
    ],
    full: (mb) => [
      `the disk or the quota for files is full (${mb} MB free)`,
      'free it: sudo journalctl --vacuum-size=50M; or see content.quotaMb and: loa media',
    ],
    inodesFree: (percent) => `${percent} % of the inodes of the disk are free`,
    inodesFew: (percent) => [
      `only ${percent} % of the inodes of the disk are free: soon no file can be made`,
      'find the folder with the many files: sudo du --inodes -xh / | sort -h | tail',
    ],
    writable: 'the disk of the state can be written',
    readOnly: (mount) => [
      `the disk of the state is read-only (${mount})`,
      'why? sudo dmesg | grep -i -e ext4 -e mmc | tail; replace the card, or: sudo mount -o remount,rw /',
    ],
  },
  database: {
    fine: 'the database is whole',
    madeAnew: (at) => [
      `the database was damaged and made anew (${at})`,
      'see: loa log --since 7d; replace the memory card if it comes again',
    ],
    inMemory: (detail) => [
      `what is recorded stays in memory, the database cannot be written: ${detail}`,
      'look at the card: sudo dmesg | grep -i -e ext4 -e mmc | tail; replace it; see docs/degradation.md',
    ],
    read: (file) => `${file} was read and is whole`,
    damaged: (file, verdict) => [
      `${file} is damaged: ${verdict}`,
      'have it set aside and made anew: sudo systemctl restart loa-agent; if it comes again, replace the memory card',
    ],
    cacheFine: 'the list of the sound files is whole',
    cacheLost: (at) => [
      `the list of the sound files was damaged and made anew (${at}): files are fetched again`,
      'see how far they are: loa media; replace the memory card if it comes again',
    ],
  },
  temperature: {
    fine: (celsius) => `the processor has ${celsius} °C`,
    warm: (celsius) => [`the processor has ${celsius} °C`, SHADE],
    hot: (detail) => [`the board is too hot: ${detail}`, SHADE],
    before: ['heat made the processor slower since the machine was started', SHADE],
  },
  power: {
    fine: (volts) => `the supply has ${volts} V`,
    noFault: 'the supply is not too low',
    low: (detail) => [
      `the supply is too low: ${detail}`,
      'measure at the board under load; a stronger supply, a shorter and thicker cable, no amplifier on its 5 V',
    ],
    before: [
      'the supply was too low since the machine was started',
      'see when: loa log --since 7d; a stronger supply, a shorter and thicker cable',
    ],
    battery: (percent) => `the battery has ${percent} %`,
    batteryLow: (detail) => [
      `the battery is nearly empty: ${detail}`,
      'is there mains or sun? look at charger, panel and fuse; an old battery holds no charge',
    ],
    mains: 'there is mains',
    mainsLost: (detail) => [
      detail === '' ? 'there is no mains' : `there is no mains: ${detail}`,
      'look at plug, fuse and meter; if there is mains, its contact is the wrong way round: activeLow, docs/contacts.md',
    ],
  },
  storage: {
    fine: 'no fault of the memory card is known',
    used: (percent) => `of its life the eMMC has used up ${percent} % at most`,
    faulty: (detail) => [
      `the memory card or its file system is faulty: ${detail}`,
      'copy what is needed and replace the card; if the file system alone is faulty: reboot once with fsck.mode=force',
    ],
  },
  burden: {
    fine: (mb, load) => `${mb} MB of memory available, load ${load} for each processor`,
    short: (detail) => [
      `memory or processor are short: ${detail}`,
      'find what else runs here: top -o %MEM; then: systemctl status',
    ],
  },
  fan: {
    fine: (rpm) => `the fan turns at ${rpm} rpm`,
    still: (detail) => [
      `the fan stands still: ${detail}`,
      'free it of dust and insects, look at its plug, or replace it',
    ],
  },
  sensor: (detail) => [
    `a sensor cannot be read: ${detail}`,
    'compare device and channel in the board file with: grep . /sys/bus/iio/devices/*/name /sys/class/hwmon/*/name',
  ],
}
