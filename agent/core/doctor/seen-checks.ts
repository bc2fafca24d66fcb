import type { Check } from './check.ts'
import type { SeenCheck } from './seen.ts'

const seen = (name: SeenCheck, group: Check['group'], about: string): Check => ({
  group,
  name,
  about,
  run: (facts) => facts.seen[name] ?? [],
})

/** What the command judges where it sees it. */
export const SEEN: readonly Check[] = [
  seen('agent', 'identity', 'the agent answers on its control socket'),
  seen('configuration', 'identity', 'agent.yaml can be read and is valid'),
  seen('board', 'board', 'the board file can be read and is valid'),
  seen('model', 'board', 'the board file is for this model, as the device tree names it'),
  seen('chips', 'board', 'the GPIO chips can be looked at and are named by a name that stays'),
  seen('contact-lines', 'board', 'the GPIO lines of contacts: there, free or ours'),
  seen('usb-power', 'board', 'the program that switches USB sockets, where the board file wants it'),
  seen('card', 'sound', 'the sound card of the board file: there, can play, named by a name that stays'),
  seen('microphone', 'sound', 'the capture device of the board file: there, can listen'),
  seen('relay-lines', 'amplifier', 'the GPIO lines of relays and read-back contacts: there, free or ours'),
  seen('power-on', 'amplifier', 'the firmware keeps relays open from power-on'),
  seen(
    'ports',
    'sign',
    'serial ports and screens of signs: there, not the console, named by a name that stays',
  ),
]
