import type { DoctorUnitWords } from '../../core/doctor/unit-words.ts'

const LOOK = 'look: systemctl status loa-agent'

export const enDoctorUnit: DoctorUnitWords = {
  noGroup: (got, groups) => `there is no group of checks ${got === '' ? "''" : got}; there are: ${groups}`,
  unit: {
    active: 'the service loa-agent is active and starts with the machine',
    besides: [
      'the agent that answers was not started by the service loa-agent',
      'end it and let the service run: sudo systemctl restart loa-agent',
    ],
    notActive: (state, result) => [
      `the service loa-agent is ${state}${result === '' || result === 'success' ? '' : `: ${result}`}`,
      'look why: journalctl -u loa-agent -n 50; then: sudo systemctl start loa-agent',
    ],
    notEnabled: (state) => [
      `the service loa-agent is ${state}: after a power cut it does not come back`,
      'sudo systemctl unmask loa-agent; sudo systemctl enable loa-agent',
    ],
    needsReload: [
      'the unit file was changed, and systemd has not read it yet',
      'sudo systemctl daemon-reload && sudo systemctl restart loa-agent',
    ],
    restarts: (count) => `systemd has restarted the agent ${count} times`,
    manyRestarts: (count) => [
      `systemd had to restart the agent ${count} times`,
      'look why: journalctl -u loa-agent -p warning -n 50; loa log --since 1d',
    ],
    hardened: (count) => `systemd holds the agent to the ${count} limits of its unit file`,
    weaker: (list) => [
      `systemd does not hold the agent to ${list}`,
      'what takes it away? systemctl cat loa-agent; remove the drop-in, then: sudo systemctl daemon-reload && sudo systemctl restart loa-agent',
    ],
    bounded: 'the agent can gain no privileges, and its system calls are filtered',
    unbounded: (list) => [
      `the agent runs without the limits of its unit (${list})`,
      `let the unit start it: sudo systemctl start loa-agent (README, Install); ${LOOK}`,
    ],
    whole: 'no part of the agent is left off',
    safeMode: (off) => [
      `safe mode after five starts that died: left off are ${off}`,
      'look why: journalctl -u loa-agent -n 200; docs/operations.md, Safe mode; it tries again by itself',
    ],
    page: (listen) => `the status page is served on ${listen}`,
    noPage: (listen, reason) => [
      `the status page is not served on ${listen}: ${reason}`,
      'is the port taken (sudo ss -ltnp), or the address not of this device (ip address)? page.listen in agent.yaml; docs/status-page.md',
    ],
  },
  machine: {
    id: 'the machine has an id of its own',
    noId: [
      '/etc/machine-id is missing or empty: a copied card cannot be told from this one',
      'sudo systemd-machine-id-setup && sudo reboot',
    ],
    program: (name) => `${name} is installed`,
    noProgram: (name) => [`${name} is not installed`, `sudo apt install --reinstall ${name}`],
    sensors: (count) => `${count} sensors of this machine can be read`,
    contacts: (count) => `contacts are read (${count}), and nothing is the matter`,
  },
  contacts: {
    CONTACT: (detail) => [
      `a contact cannot be believed: ${detail}`,
      'look for a loose wire or water in the box; bias and debounceMs in the board file; docs/contacts.md',
    ],
    TAMPER: (detail) => [
      `the box was opened: ${detail}`,
      'close it; if it is closed, its contact is the wrong way round: activeLow in the board file',
    ],
    DOOR: (detail) => [
      `a door is open: ${detail}`,
      'close it; if it is closed, its contact is the wrong way round: activeLow in the board file',
    ],
    EXTERNAL_FAULT: (detail) => [
      `equipment beside this device reports a fault: ${detail}`,
      'look at that equipment; if it is well, its contact is the wrong way round: activeLow in the board file',
    ],
    EMERGENCY_CONTACT: (detail) => [
      `an emergency contact: ${detail}`,
      'was it meant? Open it or turn its key switch back; docs/contacts.md',
    ],
  },
}
