import { slotsDigest } from '../adapters/update/slots-digest.ts'
import { JobPublisher } from '../services/update/job-publisher.ts'
import { Updates } from '../services/update/updates.ts'
import type { Playing } from './playing.ts'
import type { UpdateLine } from './update-line.ts'

/** Of the updater, which runs as root. */
const SLOTS_FOLDER = '/var/lib/loa-agent'

// biome-ignore lint/style/noProcessEnv: who lets this program update itself in a folder of its own says so there
const slotsFolder = (): string => process.env['LOA_SLOTS'] ?? SLOTS_FOLDER

/** Updates of this program; what does the work is loaded when there is some. */
export function assembleUpdates(playing: Playing, line: UpdateLine) {
  const { state, intake, refusals, clock, logger, fail } = playing
  const folder = slotsFolder()
  const updates = new Updates({
    facts: state.facts,
    job: () => intake.inForce('job')[0],
    refusals,
    slotsDigest: () => slotsDigest(folder),
    load: async (memory, seen) => {
      const { startUpdating } = await import('./updating.ts')
      return startUpdating(playing, line, { slotsFolder: folder, memory, seen })
    },
    fail,
  })
  const jobPublisher = new JobPublisher({
    ...line,
    clock,
    logger,
    report: () => (updates.isBusy ? updates.report : (line.renewals.report ?? updates.report)),
  })
  return { updates, jobPublisher }
}
