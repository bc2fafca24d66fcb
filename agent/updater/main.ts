import { createCryptography } from '../adapters/crypto/node-cryptography.ts'
import { messageOf } from '../core/error.ts'
import { RELEASED_AT } from '../core/release.ts'
import { epochMs } from '../core/time.ts'
import { chooseRelease, settlePackage } from './choose.ts'
import { realDisk } from './disk.ts'
import { type Places, placesBelow } from './places.ts'
import type { Updater } from './serve.ts'
import { runningPlace } from './slot-files.ts'
import { readState } from './state-file.ts'

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const now = (): string => new Date().toISOString()

/** Modules that only a request takes are loaded when there is one: `choose` stands before every start of the agent. */
const serve = async (places: Places): Promise<void> => {
  const [{ readYaml }, { readReleaseKeys }, { serveRequests }] = await Promise.all([
    import('../adapters/config/yaml-file.ts'),
    import('../wire/update-configuration.ts'),
    import('./serve.ts'),
  ])
  const wallClock = Date.now()
  const updater: Updater = {
    places,
    disk: realDisk,
    judge: {
      keys: () => readYaml(places.configuration, readReleaseKeys),
      verifyEd25519: createCryptography().verifyEd25519,
      architecture: ARCHITECTURES[process.arch] ?? process.arch,
      now: wallClock < Date.parse(RELEASED_AT) ? undefined : epochMs(wallClock),
    },
    at: now,
    say,
  }
  serveRequests(updater)
}

const status = (places: Places): void =>
  say(JSON.stringify({ ...readState(places).state, current: runningPlace(places) }))

const USAGE = `usage: updater run|choose|settle|status [ROOT]
  run     carries out the request on the desk of the agent
  choose  before a start of the agent: which release it is
  settle  after another package was installed
  status  what is committed, staged or on trial, and what the next start runs unless a trial begins
  ROOT    a folder that stands for /`

// The unit of the agent, whose start `choose` stands before, keeps files to itself: slots and slots.json are read by all.
process.umask(0o022)
const [verb = '', root = '/'] = process.argv.slice(2)
const places = placesBelow(root)
const verbs: Readonly<Record<string, () => unknown>> = {
  run: () => serve(places),
  choose: () => chooseRelease(places, realDisk, now()),
  settle: () => settlePackage(places, realDisk, now()),
  status: () => status(places),
}
try {
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (act) await act()
  else {
    process.stderr.write(`${USAGE}\n`)
    process.exitCode = 2
  }
} catch (thrown) {
  process.stderr.write(`updater: ${messageOf(thrown)}\n`)
  process.exitCode = 1
}
