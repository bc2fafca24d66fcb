import { parseArgs } from 'node:util'
import { LoaError, messageOf } from '../../agent/core/error.ts'

export type DemoOptions = {
  readonly help: boolean
  /** Everything the demo makes goes there; what a demo left there before is removed. */
  readonly directory: string
  /** Stay after the notice until Ctrl-C. */
  readonly keep: boolean
  /** The summary as one JSON value on standard output; what happens goes to standard error. */
  readonly json: boolean
  /** Where the sound goes; without it to the sound card, or into a WAV file where there is none. */
  readonly sound: 'alsa' | 'wav' | undefined
}

export const HELP = `demo: the main job of loa-agent, from the province's MQTT topic to sound, relay, sign and record

  scripts/demo [--dir D] [--keep] [--sound alsa|wav] [--json] [--no-setup]

Starts a small stand-in for the province (broker, content server, record server,
keys made for this run) and one agent with the board \`virtual\`, publishes a signed
schedule with a spoken Vietnamese notice that starts in twelve seconds, shows what
happens, and ends by itself in about half a minute.
  --dir D      where everything goes (default ./demo); emptied first if a demo made it
  --keep       stay until Ctrl-C and show what to try
  --sound S    alsa: the ALSA device \`default\`; wav: a WAV file
               (default: alsa where there is a sound card, else wav)
  --json       print the summary as JSON; what happens goes to standard error
  --no-setup   leave scripts/setup out: everything is installed and built
Exit codes: 0 all of it really happened, 1 something is missing (the summary says
what), 2 wrong usage.`

const soundOf = (value: string | undefined): DemoOptions['sound'] => {
  if (value === undefined || value === 'alsa' || value === 'wav') return value
  throw new Error(`--sound must be alsa or wav, not ${JSON.stringify(value)}`)
}

/** @throws USAGE for what the demo does not know */
export const readOptions = (args: readonly string[]): DemoOptions => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        dir: { type: 'string' },
        keep: { type: 'boolean' },
        json: { type: 'boolean' },
        sound: { type: 'string' },
      },
    })
    return {
      help: values.help === true,
      directory: values.dir ?? 'demo',
      keep: values.keep === true,
      json: values.json === true,
      sound: soundOf(values.sound),
    }
  } catch (cause) {
    throw new LoaError('USAGE', `${messageOf(cause)}; see scripts/demo --help`, { cause })
  }
}
