import { readFileSync } from 'node:fs'
import type { JsonSchema } from '@valibot/to-json-schema'
import { en } from '../../agent/cli/messages/en.ts'
import { vi } from '../../agent/cli/messages/vi.ts'
import { boardSchema } from '../../agent/wire/board.ts'
import { bootSchema } from '../../agent/wire/boot-configuration.ts'
import { configurationSchema } from '../../agent/wire/configuration.ts'
import { asyncApi } from './async-api.ts'
import { codesPage } from './codes.ts'
import { bashCompletion, zshCompletion } from './completion.ts'
import { configurationPage } from './configuration-page.ts'
import { doctorPage } from './doctor.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { manualPage } from './manual-page.ts'
import { areaMessages, downMessages, type Message, upMessages } from './messages.ts'

const pretty = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

const schemaOf = ({ schema, ...about }: Message): JsonSchema => {
  const { name, title, description } = about
  if (schema) return jsonSchemaOf(schema, about)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `${name}.schema.json`,
    title,
    description,
    not: {},
  }
}

const versionOf = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as { version: string }).version
}

/** Every generated page of docs/reference: path below it, and text. */
export const referenceFiles = (): ReadonlyMap<string, string> => {
  const configuration = jsonSchemaOf(configurationSchema, {
    name: 'configuration',
    title: 'agent.yaml',
    description: 'The configuration of a device. No secret stands in it, secrets are files.',
    author: 'installer',
  })
  const board = jsonSchemaOf(boardSchema, {
    name: 'board',
    title: 'Board file',
    description: 'What a board is made of: sound, amplifiers, contacts, signs.',
    author: 'installer',
  })
  const boot = jsonSchemaOf(bootSchema, {
    name: 'boot',
    title: 'loa.yaml',
    description: 'Answers for the first configuration, on the boot partition. Its secrets leave it at once.',
    author: 'installer',
  })
  const messages = [...areaMessages, ...downMessages, ...upMessages]
  return new Map([
    ...messages.map((message): [string, string] => [
      `schemas/${message.name}.schema.json`,
      pretty(schemaOf(message)),
    ]),
    ['schemas/configuration.schema.json', pretty(configuration)],
    ['schemas/board.schema.json', pretty(board)],
    ['schemas/boot.schema.json', pretty(boot)],
    ['asyncapi.yaml', asyncApi(versionOf())],
    ['codes.md', codesPage(en, 'en')],
    ['codes.vi.md', codesPage(vi, 'vi')],
    ['doctor.md', doctorPage()],
    ['man/man1/loa.1', manualPage(en, versionOf())],
    ['man/vi/man1/loa.1', manualPage(vi, versionOf())],
    ['completion/loa.bash', bashCompletion()],
    ['completion/_loa', zshCompletion(en)],
    ['configuration.md', configurationPage(configuration, board)],
  ])
}
