import { enSetupOptions } from './en-setup.ts'
import type { Messages } from './messages.ts'

export const enManual: Messages['manual'] = {
  name: 'NAME',
  synopsis: 'SYNOPSIS',
  description: 'DESCRIPTION',
  about:
    'Looks at the agent that plays the broadcasts of this device and drives its signs, and gives it orders on the spot. Most verbs talk to the running agent over its control socket: group loa may look, group loa-admin may act. Start with "loa status" and, when something is wrong, "loa doctor".',
  verbs: 'VERBS',
  options: 'OPTIONS OF EVERY VERB',
  exit: 'EXIT STATUS',
  files: 'FILES',
  see: 'SEE ALSO',
  purpose: {
    config: 'the configuration of this device',
    boards: 'the boards that it knows',
    state: 'what has been played, and the sound that will be',
    socket: 'where the running agent answers',
  },
}

export const enOptions: Messages['options'] = {
  config: 'configuration file (else LOA_CONFIG, else /etc/loa/agent.yaml)',
  days: 'how many days to show, 1 to 35 (1)',
  follow: 'go on printing new records until Ctrl-C',
  from: 'replay: show the steps from this number on; setup: the file with the answers',
  help: 'show this help',
  json: 'print JSON for programs',
  lang: 'language of the words (else that of the locale)',
  out: 'write it there; there must be no such file',
  seconds: 'for how long',
  since: 'from when: 30m, 2h, 7d, or 2026-11-22T05:00:00+07:00',
  class: 'normal, priority or emergency: what it cuts and what it waits for (normal when not given)',
  status: 'how the last one stands',
  cancel: 'call off one that is not on trial yet',
  step: 'show every step with what was decided',
  sweep: 'a tone that rises from 100 to 10000 Hz, in 10 seconds',
  tone: 'a test tone of this frequency, 20 to 20000 Hz, instead of a file',
  volume: 'percent, 0 to 100 (70)',
  watch: 'show it live until q or Ctrl-C',
  color: 'colour name or #rrggbb of a text',
  only: 'only these groups of checks: identity, versions, unit, board, power, temperature, storage, clock, network, dns, broker, subscriptions, trust, content, media, decoder, sound, amplifier, sign, outbox',
  mode: 'still, scroll or flip',
  report: 'where the report goes: a .html or .json name (both are written), or a folder',
  unattended: 'ask nobody; only what can be measured',
  png: 'write a picture of the LEDs there',
  schedule: 'the pages of a schedule document',
  sign: 'only on these signs',
  size: 'LEDs of the sign; 64x16 when not given',
  ...enSetupOptions,
}
