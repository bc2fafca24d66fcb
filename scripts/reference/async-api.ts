import { stringify } from 'yaml'
import { areaMessages, downMessages, type Message, upMessages } from './messages.ts'

type Channel = {
  readonly id: string
  readonly address: string
  readonly action: 'send' | 'receive'
  readonly message: Message
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const camel = (text: string): string => text.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

const AREAS = [
  ['national', '{root}/area/vn'],
  ['province', '{root}/area/{province}'],
  ['commune', '{root}/area/{province}/{commune}'],
] as const
const DEVICE = '{root}/device/{province}/{device}'

/** Every topic of the contract, section 2. */
const channels: readonly Channel[] = [
  ...AREAS.flatMap(([area, prefix]) =>
    areaMessages.map(
      (message): Channel => ({
        id: `${area}${capital(message.level)}`,
        address: `${prefix}/${message.level}`,
        action: 'receive',
        message,
      }),
    ),
  ),
  ...downMessages.map(
    (message): Channel => ({
      id: `down${capital(message.level)}`,
      address: `${DEVICE}/down/${message.level}`,
      action: 'receive',
      message,
    }),
  ),
  ...upMessages.map(
    (message): Channel => ({
      id: `up${capital(message.level)}`,
      address: `${DEVICE}/up/${message.level}`,
      action: 'send',
      message,
    }),
  ),
]

const PARAMETERS: Readonly<Record<string, object>> = {
  root: { description: 'First levels of every topic: mqtt.topicRoot.', default: 'loa/v1' },
  province: { description: 'Two-digit code of the province.', examples: ['75'] },
  commune: { description: 'Five-digit code of the commune.', examples: ['26068'] },
  device: { description: 'Id of the device.', examples: ['d-7k2m4q9x'] },
}

const channelOf = ({ address, message }: Channel) => ({
  address,
  title: message.title,
  messages: { [camel(message.name)]: { $ref: `#/components/messages/${camel(message.name)}` } },
  parameters: Object.fromEntries(
    [...address.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [
      name,
      { $ref: `#/components/parameters/${name}` },
    ]),
  ),
})

const operationOf = ({ id, action, message }: Channel) => ({
  action,
  channel: { $ref: `#/channels/${id}` },
  messages: [{ $ref: `#/channels/${id}/messages/${camel(message.name)}` }],
  bindings: { mqtt: { qos: message.qos, retain: message.retain, bindingVersion: '0.2.0' } },
})

const isSigned = ({ author, level }: Message): boolean => author === 'publisher' && level !== 'acked'

const contentTypeOf = (message: Message): string => {
  if (!isSigned(message)) return 'application/json'
  return message.level === 'trust' ? 'application/jose+json' : 'application/jose'
}

const messageOf = (message: Message) => ({
  name: message.name,
  title: message.title,
  summary: message.description,
  contentType: contentTypeOf(message),
  payload: { $ref: `./schemas/${message.name}.schema.json` },
})

const entries = <T>(pairs: readonly (readonly [string, T])[]): Readonly<Record<string, T>> =>
  Object.fromEntries(pairs)

/** AsyncAPI 3.0, seen from the device: it receives documents and sends reports. */
export const asyncApi = (version: string): string =>
  stringify(
    {
      asyncapi: '3.0.0',
      info: {
        title: 'loa-agent',
        version,
        description:
          'Topics between a province and its receivers. Documents are level-triggered: each is the whole truth of its topic at a revision. Subscriptions are exact topics, never wildcards.',
        license: { name: 'MIT' },
      },
      defaultContentType: 'application/json',
      channels: entries(channels.map((channel) => [channel.id, channelOf(channel)])),
      operations: {
        ...entries(
          channels.map((channel) => [`${channel.action}${capital(channel.id)}`, operationOf(channel)]),
        ),
        receiveUpState: {
          action: 'receive',
          summary:
            'The device reads its own state and sends its birth again when it finds anything else there.',
          channel: { $ref: '#/channels/upState' },
          messages: [{ $ref: '#/channels/upState/messages/state' }],
        },
      },
      components: {
        parameters: PARAMETERS,
        messages: entries(
          [...areaMessages, ...downMessages, ...upMessages].map((message) => [
            camel(message.name),
            messageOf(message),
          ]),
        ),
      },
    },
    { lineWidth: 110, aliasDuplicateObjects: false },
  )
