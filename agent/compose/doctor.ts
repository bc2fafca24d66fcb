import { withPairInForce } from '../adapters/identity/in-force.ts'
import { findFileFaults } from '../adapters/system/secret-files.ts'
import type { AgentFacts } from '../core/doctor/facts.ts'
import type { AgentReport } from '../services/agent-report.ts'
import { createDoctorFacts } from '../services/doctor-facts.ts'
import type { BrokerSession } from '../services/session.ts'
import type { Playing } from './playing.ts'

/** What is asked how it is. */
export type Asked = { readonly report: AgentReport; readonly session: BrokerSession }

/** What this agent tells `loa doctor`. */
export const createDoctor = (
  agent: Playing & Asked,
  pageFault: () => string | undefined = () => undefined,
): (() => AgentFacts) =>
  createDoctorFacts({
    ...agent,
    ...agent.rules,
    status: () => agent.report.status(),
    outbox: agent.state.outbox,
    files: () => {
      const { config, credentialsDirectory, clock } = agent
      return findFileFaults(withPairInForce(config, credentialsDirectory), credentialsDirectory, clock.wall())
    },
    node: process.versions.node,
    uid: process.geteuid?.() ?? 0,
    pid: process.pid,
    unsubscribed: () => agent.session.unsubscribed,
    pageFault,
  })
