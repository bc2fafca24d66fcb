import { findFileFaults } from '../adapters/system/secret-files.ts'
import type { AgentFacts } from '../core/doctor/facts.ts'
import { createDoctorFacts } from '../services/doctor-facts.ts'
import type { Upstream } from './upstream.ts'

/** What this agent tells `loa doctor`. */
export const createDoctor = (agent: Upstream): (() => AgentFacts) =>
  createDoctorFacts({
    ...agent,
    ...agent.rules,
    status: () => agent.report.status(),
    outbox: agent.state.outbox,
    files: () => findFileFaults(agent.config, agent.credentialsDirectory, agent.clock.wall()),
    node: process.versions.node,
    uid: process.geteuid?.() ?? 0,
  })
