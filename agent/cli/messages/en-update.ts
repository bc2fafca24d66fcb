import type { DoctorUpdateWords } from '../../core/doctor/update-words.ts'
import type { Messages } from './messages.ts'
import type { UpdateWords } from './update-words.ts'

export const enUpdate: UpdateWords = {
  label: 'Update',
  states: {
    idle: 'none was ever ordered',
    refused: 'refused',
    waiting: 'waits',
    fetching: 'being fetched',
    staged: 'unpacked, waits for quiet',
    trial: 'on trial',
    done: 'done',
    back: 'gone back from it',
    failed: 'failed',
    cancelled: 'called off',
  },
  waits: {
    'not-before': () => 'for the time that was ordered',
    night: () => 'for night or a link that costs nothing',
    server: () => 'for a content server',
    disk: () => 'for room on the disk',
    media: () => 'until broadcasts have their files',
    alert: (item) => `for the end of alert ${item}`,
    playing: (item) => `for the end of ${item}`,
    due: (item) => `${item} is due soon`,
    selftest: () => 'for the end of the self-test',
    updater: () => 'for the updater',
    update: () => 'for another update',
    certificate: () => 'for its certificate',
  },
  until: (time) => `until ${time}`,
  which: 'say which file (.loa) to take, or --status, or --cancel',
  notRelease: (file) => `${file} is no release: one as a file (.loa) begins with a line that is signed`,
  tooLarge: (file, mb) => `${file} is larger than any release (${mb} MB)`,
  sending: (file) => `Handing ${file} to the agent ...`,
  restarts: (version) =>
    `The agent starts again, with ${version} on trial. It is kept when it works; otherwise the one before comes back by itself. See: loa update --status`,
  left: 'The agent goes on with it by itself. See: loa update --status',
  stopped: 'stopped: nothing was changed',
  cancelled: 'Called off.',
  nothingToCancel: 'There is no update that can be called off: none is under way, or it is on trial already.',
}

export const enDoctorUpdate: DoctorUpdateWords = {
  none: 'no update is under way',
  underWay: (version, state) => `update to ${version}: ${state}`,
  done: (version) => `the last update went well: ${version}`,
  back: (version, why) => [
    `release ${version} was tried and gone back from: ${why}`,
    'tell the maker of the release; a higher version is taken again',
  ],
  refused: (why) => [`an update was refused: ${why}`, 'see: loa update --status and loa log --since 7d'],
  noKeys: [
    'an update was ordered, and agent.yaml names no key whose releases are taken',
    'put the key of your releases into update.keys of agent.yaml, and restart the agent',
  ],
}

export const enUpdateVerbs: Pick<Messages['verbs'], 'update'> = {
  update: {
    summary: 'take a signed release, and tell how it goes',
    details:
      'Takes a release as one file (.loa), checks its signature against update.keys of agent.yaml, and has it unpacked. When no alert is in force, nothing plays and nothing is due within ten minutes the agent starts again with it. It is kept when it works for some minutes (update.trialMinutes); otherwise the release before comes back by itself.\nCtrl-C after the file was taken leaves it to the agent. --status tells how the last one stands, --cancel calls off one that is not on trial yet.',
    examples: ['from a USB stick', 'how it stands', 'call it off'],
  },
}
