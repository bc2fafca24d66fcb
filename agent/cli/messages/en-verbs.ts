import { enSetupVerb } from './en-setup.ts'
import { enSupportVerbs } from './en-support.ts'
import { enUpdateVerbs } from './en-update.ts'
import type { Messages } from './messages.ts'

export const enVerbs: Messages['verbs'] = {
  run: {
    summary: 'run the agent in the foreground',
    details:
      'Starts the agent in this terminal until Ctrl-C or SIGTERM. It is ready when it logs "ready".\nOn a device systemd does this: systemctl status loa-agent.',
    examples: ['with a configuration of your own'],
  },
  status: {
    summary: 'is it well, what plays, what comes next, what is wrong',
    details:
      'Exits 0 whenever the agent answered, whatever its health.\nWith --watch on a terminal: the whole screen, twice a second while something sounds: what is wrong and what to do, progress, level, what comes next, links, and what each sign shows. q or Ctrl-C ends it.\nWith --watch elsewhere: one report after the other; with --json one JSON value a line, every second.',
    examples: ['one look', 'live, the whole screen', 'for a program'],
  },
  schedule: {
    summary: 'what will play, and what will not and why',
    details:
      'The plan of the coming days as this device sees it, each day by itself. Under an item stands what keeps it from playing (a code and what it means) and, where two want the loudspeaker at once, who goes first and what happens to the other.',
    examples: ['the next day', 'the next week'],
  },
  media: {
    summary: 'the files that items need, and how far they are fetched',
    details:
      'Every file that the held schedules and alerts need, the soonest needed first: how much of it is here, how fast it comes, which item needs it when, and why it waits.',
    examples: ['all files'],
  },
  log: {
    summary: 'what was played and what happened, newest last',
    details:
      'Playback records and events, as they are sent to the province. With --json and --follow: one JSON value a line.\n--follow waits for an agent that is restarted, and goes on.',
    examples: ['the last two hours', 'from a moment on', 'until Ctrl-C'],
  },
  play: {
    summary: 'play a file or a test tone now',
    details:
      'Plays through the amplifiers as an order given on the spot: quiet hours do not hold it back, an alert goes first.\nIt waits for what plays, unless its class is higher. Ctrl-C stops it. Exits 1 when not all of it sounded.',
    examples: [
      'a notice, at half volume',
      'a quiet tone for five seconds',
      'what the horn lets through',
      'over everything but an alert',
    ],
  },
  hear: {
    summary: 'play a short pilot and say how much of it was heard',
    details:
      'Two seconds of tones through the amplifiers; the capture device of the board (audio.capture) listens. Nothing that it hears is kept.\nExits 1 when less than half of it was heard, or when nothing can be said.',
    examples: ['is there sound out there', 'softly, for a program'],
  },
  amp: {
    summary: 'switch an amplifier by hand',
    details:
      'The relay opens by itself after --seconds (60 when not given). What plays goes first.\nlearn forgets what current its loudspeaker line took and learns it anew, after loudspeakers were changed.\nunmute lifts the silence that the province ordered.',
    examples: ['on for ten seconds', 'off again', 'after a horn was added', 'let the device sound again'],
  },
  sign: {
    summary: 'show something on the signs now, or look at it here first',
    details:
      'text, image and test show it for --seconds (60 when not given) as an order given on the spot, with a record; clear takes off what only signs show.\ntest shows corners in four colours (red top left, green top right, blue bottom left, white bottom right), bars and letters.\npreview needs no agent: in the terminal, or with --png as a picture of the LEDs. --schedule takes a document as it is published; its signature is not judged.',
    examples: [
      'a text that scrolls',
      'a picture on one sign',
      'is it wired right',
      'how would it look',
      'all pages of a schedule on one sheet',
    ],
  },
  config: {
    summary: 'check a configuration file',
    details:
      'Names every fault at once, with its place in the file. Exits 2 when there is one. Needs no running agent.',
    examples: ['before a restart'],
  },
  board: {
    summary: 'list the boards, find the one for this machine, check one',
    details:
      '`check` looks at the file, the model of this machine, and whether sound card, GPIO lines and serial ports are there, free, named by what stays, and off from power-on. Takes nothing from whoever holds it.\nExits 1 when something is missing, 2 when the file is not valid. Needs no running agent.',
    examples: ['which board is this', 'is everything there'],
  },
  doctor: {
    summary: 'what is wrong and what to do next',
    details:
      'One line a check: ok, warn or FAIL, what it saw, and the next action where something is to be done. Start here. What follows from another fault is not told again. Over in ten seconds, also when the agent or the network hangs.\nExits 1 when a check failed (warnings alone: 0), 2 when configuration or board file are not valid, 3 when the agent is not running: then it tells what can be seen without it.',
    examples: ['everything', 'only sound and amplifiers', 'only what is to be done, for a program'],
  },
  selftest: {
    summary: 'try every part, ask, and write a commissioning report',
    details:
      'Relays with read-back, a tone sweep, the siren softly, proof of hearing where a microphone is, the pattern on each sign, broker and clock; between them it asks what only ears and eyes can tell.\nNothing is tried while something plays, is due within two minutes, or an alert is in force; an alert cuts it at once. Relays are open afterwards.\nWrites a page to print and a signed JSON file, here unless --report names a place, and tells the province.\nExits 1 when a problem was found or it was not complete.',
    examples: ['with somebody under the horn', 'the report under a name', 'without anybody, for a program'],
  },
  ...enSupportVerbs,
  ...enSetupVerb,
  ...enUpdateVerbs,
  verify: {
    summary: 'would this device take a signed document',
    details:
      'Asks the running agent what would become of the message if it arrived now: envelope, signature, trust, dates, revision, schema. Changes nothing.\nExits 0 when it would be taken or is in force already, 1 when it would be refused.\nWhether the id of a command was used before is not judged.',
    examples: ['a file made by the province', 'what a broker holds'],
  },
  version: {
    summary: 'the version of this software',
    details: 'Needs no running agent.',
    examples: ['version and Node'],
  },
  help: {
    summary: 'help on a verb',
    details: 'Without a verb: the list of verbs.',
    examples: ['everything about play'],
  },
}
