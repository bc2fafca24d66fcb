import { en } from '../cli/messages/en.ts'
import type { PageWords, Words } from './page-words.ts'

const page: PageWords = {
  language: 'en',
  title: (device) => `Loudspeaker ${device}`,
  device: 'Loudspeaker',
  skip: 'Skip to content',
  other: { language: 'vi', name: 'Tiếng Việt' },
  reload: 'Load again',
  lost: 'The device does not answer: what stands below is old. The page keeps trying.',
  asOf: (time) => `Time on the device: ${time}`,
  headline: {
    health: { ok: 'The device is well', degraded: 'It works, but something is wrong', fault: 'It is broken' },
    state: {
      idle: 'waiting for the next programme',
      playing: 'playing now',
      alert: 'AN ALERT IS IN FORCE',
      muted: 'MUTED',
    },
    safeMode: 'Safe mode: a part of the agent is left off for now.',
  },
  todo: {
    heading: 'To do',
    nothing: 'Nothing needs to be done.',
    urgent: 'Failed',
    soon: 'Look at',
    next: 'Next',
    more: (count) => `${count} more under the checks`,
  },
  now: {
    heading: 'Playing now',
    nothing: 'Nothing plays at the moment.',
    progress: 'Played so far',
    of: (position, duration) => `${position} of ${duration}`,
    since: (position) => `for ${position}`,
  },
  next: { heading: 'Coming up', ready: 'armed', notReady: 'not armed' },
  signs: {
    heading: 'Signs',
    shows: (id, text) => `Sign ${id} shows: ${text}`,
    picture: (id) => `Sign ${id} shows a picture`,
    dark: (id) => `Sign ${id} is dark`,
    unknown: (id) => `It is not known what sign ${id} shows`,
  },
  state: { heading: 'The device' },
  doctor: {
    heading: 'Checks',
    counts: (failed, warned, fine) => `${failed} failed, ${warned} to look at, ${fine} fine.`,
    show: (count) => `Show all ${count} checks`,
    levels: { ok: 'Fine', warn: 'Look at', FAIL: 'Failed' },
    groups: {
      device: 'Machine and agent',
      board: 'Board',
      trust: 'Keys and signatures',
      documents: 'Documents',
      network: 'Network and time',
      media: 'Files',
      sound: 'Sound and signs',
    },
    onlyHere: 'On the device loa doctor also checks board and configuration file.',
  },
  records: {
    heading: 'Today',
    nothing: 'Nothing yet today.',
    show: (count) => `Show ${count} more`,
    more: 'There is more: loa log --since 1d on the device.',
  },
  footer: (version, board) => `loa-agent ${version}, board ${board}`,
  notices: {
    wanted: ['A token is needed', 'Enter the token of this device. Whoever installed it has it.'],
    wrong: ['That is not the token', 'Check it, then enter it again.'],
    wait: ['Too many wrong tokens', 'Wait a minute, then enter it again.'],
    entered: ['The token is right', 'The page opens.'],
    nowhere: ['There is no such page', 'The address is not right.'],
    'read-only': ['This page can only be read', 'Nothing is changed from here.'],
    'wrong-host': [
      'This is not the address of the device',
      'Open it by its IP address, or as http://localhost through an SSH tunnel.',
    ],
    failed: ['The page failed', 'The device goes on. Look: journalctl -u loa-agent'],
  },
  token: { label: 'Token', enter: 'Enter' },
  goOn: 'Open the page',
}

export const enWords: Words = { page, say: en }
