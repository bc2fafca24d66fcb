import type { AgentConfig } from '../../core/configuration.ts'
import { readConfiguration } from '../../wire/configuration.ts'
import { readYaml } from './yaml-file.ts'

/** The configuration of the agent with every default filled in. @throws ConfigFault with every fault at once */
export const loadAgentConfig = (path: string): AgentConfig => readYaml(path, readConfiguration)
