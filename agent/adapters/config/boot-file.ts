import type { SetupAnswers } from '../../core/setup/answers.ts'
import { readBootConfiguration } from '../../wire/boot-configuration.ts'
import { readYamlText } from './yaml-file.ts'

/** What the text of a `loa.yaml` says. @throws ConfigFault with every fault at once */
export const checkBootFile = (file: string, text: string): SetupAnswers =>
  readYamlText(file, text, readBootConfiguration)
