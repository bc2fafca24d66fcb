import type { AgentConfig } from '../../core/configuration.ts'
import { readConfiguration } from '../../wire/configuration.ts'
import { readYaml, readYamlText } from './yaml-file.ts'

/** The configuration of the agent with every default filled in. @throws ConfigFault with every fault at once */
export const loadAgentConfig = (path: string): AgentConfig => readYaml(path, readConfiguration)

/** The same of a text that is to become `file`. @throws ConfigFault with every fault at once */
export const checkAgentConfig = (file: string, text: string): AgentConfig =>
  readYamlText(file, text, readConfiguration)
