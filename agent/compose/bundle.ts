import { listStateFolder, readSystemReport } from '../adapters/system/system-report.ts'
import { mediaReport, scheduleReport } from '../services/answers.ts'
import { createBundleParts, type GatherParts } from '../services/bundle-parts.ts'
import { type Asked, createDoctor } from './doctor.ts'
import type { Playing } from './playing.ts'

/** What this agent gives into a support bundle. */
export const createGather = (agent: Playing & Asked): GatherParts => {
  const { clock, config, board, guide, inputJournal, library, logRing, refusals, report, rules, state } =
    agent
  const { timezone } = config
  return createBundleParts({
    clock,
    outbox: state.outbox,
    journal: state.journal,
    writeInputs: () => inputJournal.write(),
    log: () => logRing.text(),
    scheduleDays: (days) => scheduleReport(guide, timezone, days),
    reports: {
      status: () => report.status(),
      'doctor-facts': createDoctor(agent),
      refusals: () => refusals.recent,
      configuration: () => ({ ...config, effective: rules.inForce() }),
      board: () => board,
      media: () => mediaReport({ library, timezone }),
      system: () => readSystemReport(),
      'state-folder': () => listStateFolder(config.paths.state),
    },
  })
}
