import type { Messages } from './messages.ts'
import type { SupportWords } from './support-words.ts'

export const enSupport: SupportWords = {
  bundle: {
    written: (file, kib) => `${file} (${kib} KiB)`,
    without: 'The agent does not answer: the bundle holds what is on the disk and what the doctor saw.',
    cut: (part, lines) => `${part}: the oldest ${lines} lines are left out, for size`,
    missing: (part, why) => `${part} is not in it: ${why}`,
    exists: (file) => `${file} is there already and stays as it is; give another name with --out`,
    unwritable: (file, why) => `${file} cannot be written: ${why}`,
    noServiceLog: 'systemd keeps none of it, or does not show it to this account',
    brokenOff: 'broken off: no bundle was made',
    next: 'No password, key or sound is in it. Send it to support; look inside with: tar -tzf FILE',
  },
  replay: {
    what: 'say what to replay: a bundle (.tar.gz), or the arbiter-inputs.jsonl inside one',
    noInputs: (file) => `${file} is no bundle with inputs of the arbiter, and no file of such inputs`,
    empty: 'The agent has written down nothing yet.',
    began: (agent, start) => `loa-agent ${agent} ${start ? 'had started' : 'had been running'}`,
    same: (steps, from, until) => `${steps} steps from ${from} to ${until}: every decision is the same.`,
    differs: (step, time) => `Step ${step}, ${time}: the decision is another.`,
    expected: 'was decided',
    got: 'now',
    nothing: 'nothing',
    readiness: { ready: 'ready', awaiting: 'awaits its files', excluded: 'will not play' },
    ends: { finished: 'to its end', cut: 'cut', failed: 'failed', lost: 'lost' },
    inputs: {
      tick: 'a second passes',
      arm: (programme, readiness) => `near or due: ${programme}, ${readiness}`,
      revise: (programme) => `a new revision of ${programme}`,
      readiness: (programme, readiness) => `${programme} is now ${readiness}`,
      clock: (stepMs) => `the clock jumped by ${stepMs} ms`,
      withdraw: (programmes) => `withdrawn: ${programmes}`,
      stop: (programmes) => `order to stop: ${programmes}`,
      mute: (on) => (on ? 'muted' : 'unmuted'),
      hold: (on) => (on ? 'an alert holds the output' : 'no alert holds the output any more'),
      quiet: (spans) => `quiet hours: ${spans} in the next two days`,
      playout: (up) => (up ? 'playout is up' : 'playout is down'),
      started: (order) => `begins to sound: ${order}`,
      progress: (order, seconds) => `${order} is at ${seconds} s`,
      ended: (order, how, seconds) => `has ended, ${how}, at ${seconds} s: ${order}`,
    },
    decisions: {
      open: (programme) => `open its row: ${programme}`,
      forget: (programme) => `forget ${programme}`,
      sounding: (programme) => `sounds: ${programme}`,
      silent: (programme) => `silent: ${programme}`,
      schedule: (order, time, fromSeconds) => `order ${order} for ${time} from ${fromSeconds} s`,
      cut: (order, fadeMs) => `cut ${order} over ${fadeMs} ms`,
      record: (programme, result) => `record ${result}: ${programme}`,
    },
  },
}

export const enSupportVerbs: Pick<Messages['verbs'], 'bundle' | 'replay'> = {
  bundle: {
    summary: 'gather what support needs into one file',
    details:
      'Status, doctor, plan, media, records of seven days, refusals, settings, the last hour of the log, and what the arbiter was told: at most 5 MB, without passwords, keys or sound. It never overwrites a file.\nExits 3 when the agent is not running: then it holds what is on the disk. Reading that needs sudo.',
    examples: ['into this folder', 'to a place of your own'],
  },
  replay: {
    summary: 'decide anew on what a device was told, step by step',
    details:
      'Takes a bundle, or the arbiter-inputs.jsonl inside one, on any machine and without an agent. With --step every step is shown, with --from those from that number on.\nExits 1 at the first decision that is another than the device made, and names it: the software has changed there.',
    examples: ['is anything decided differently now', 'every step from the hundredth on'],
  },
}
