import type { SetupAnswers, SetupKey } from './answers.ts'

/** What stands above the lines, in the language of whoever sets up. */
export type YamlComments = {
  /** Each a line. */
  readonly head: readonly string[]
  readonly id: string
  readonly place: string
  readonly board: string
  readonly brokers: string
  readonly certificate: string
  readonly content: string
  readonly rootKeys: string
  readonly signaturesOff: string
  readonly updateKeys: string
}

/** Where the files are that the configuration names; one that is absent is not named. */
export type NamedFiles = {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly passwordFile?: string
}

/** JSON is YAML, and quotes what YAML would take for a number, a date or a `no`. */
const quoted = (text: string): string => JSON.stringify(text)
const list = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`
const keyLines = (keys: readonly SetupKey[], indent: string): readonly string[] =>
  keys.map(({ kid, x }) => `${indent}- { kid: ${quoted(kid)}, x: ${quoted(x)} }`)
const optional = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`  ${name}: ${value}`]
const optionalText = (name: string, value: string | undefined): readonly string[] =>
  optional(name, value === undefined ? undefined : quoted(value))

const mqttLines = ({ mqtt }: SetupAnswers, files: NamedFiles, comments: YamlComments): readonly string[] => [
  'mqtt:',
  `  # ${comments.brokers}`,
  `  urls: ${list(mqtt.urls)}`,
  ...optional('protocol', mqtt.protocol?.toString()),
  ...optionalText('topicRoot', mqtt.topicRoot),
  ...optionalText('username', mqtt.username),
  ...optionalText('passwordFile', files.passwordFile),
  ...(files.ca === undefined && files.cert === undefined ? [] : [`  # ${comments.certificate}`]),
  ...optionalText('ca', files.ca),
  ...optionalText('cert', files.cert),
  ...optionalText('key', files.key),
]

const securityLines = (
  { signatures, rootKeys, threshold }: SetupAnswers,
  comments: YamlComments,
): readonly string[] =>
  signatures === 'off'
    ? ['security:', `  # ${comments.signaturesOff}`, '  signatures: "off"']
    : [
        'security:',
        `  # ${comments.rootKeys}`,
        '  rootKeys:',
        ...keyLines(rootKeys, '    '),
        `  threshold: ${threshold}`,
      ]

/** The text of agent.yaml: what was answered, with a word on each, and nothing that is a default anyway. */
export const agentYaml = (
  answers: SetupAnswers & { readonly device: { readonly id: string } },
  files: NamedFiles,
  comments: YamlComments,
): string => {
  const { device, board, allow, updateKeys } = answers
  const lines = [
    ...comments.head.map((line) => `# ${line}`),
    'device:',
    `  # ${comments.id}`,
    `  id: ${quoted(device.id)}`,
    `  # ${comments.place}`,
    `  province: ${quoted(device.province)}`,
    `  commune: ${quoted(device.commune)}`,
    ...(device.groups.length === 0 ? [] : [`  groups: ${list(device.groups)}`]),
    `  languages: ${list(device.languages)}`,
    `# ${comments.board}`,
    `board: ${quoted(board)}`,
    ...mqttLines(answers, files, comments),
    'content:',
    `  # ${comments.content}`,
    `  allow: ${list(allow)}`,
    ...securityLines(answers, comments),
    ...(updateKeys.length === 0
      ? []
      : ['update:', `  # ${comments.updateKeys}`, '  keys:', ...keyLines(updateKeys, '    ')]),
  ]
  return `${lines.join('\n')}\n`
}
