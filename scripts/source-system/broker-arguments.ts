import { LoaError } from '../../agent/core/error.ts'
import type { Arguments, OptionSpecs } from './arguments.ts'
import type { BrokerOptions } from './connection.ts'
import { DEFAULT_TOPIC_ROOT } from './publisher.ts'
import type { DeviceAddress } from './topics.ts'

/** The options of every verb that speaks to a broker. */
export const BROKER_OPTIONS = {
  url: { type: 'string' },
  'topic-root': { type: 'string' },
  protocol: { type: 'string' },
  username: { type: 'string' },
  'password-file': { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  'tls-key': { type: 'string' },
} satisfies OptionSpecs

export const BROKER_HELP = `Broker:
  --url URL            mqtt[s]://HOST:PORT (default mqtt://127.0.0.1:1883)
  --protocol 5|4       MQTT 5 (default) or 3.1.1; the embedded broker speaks 4
  --topic-root ROOT    default ${DEFAULT_TOPIC_ROOT}
  --username U --password-file F    --ca F --cert F --tls-key F`

const protocolOf = (args: Arguments): 4 | 5 => {
  const value = args.text('protocol') ?? '5'
  if (value === '4' || value === '5') return value === '4' ? 4 : 5
  throw new LoaError('USAGE', `--protocol must be 5 or 4 (MQTT 3.1.1), not ${JSON.stringify(value)}`)
}

export const brokerOptions = (args: Arguments): BrokerOptions & { readonly topicRoot: string } => {
  const url = args.text('url') ?? 'mqtt://127.0.0.1:1883'
  if (!/^mqtts?:\/\/./.test(url)) throw new LoaError('USAGE', `--url must begin with mqtt:// or mqtts://`)
  const username = args.text('username')
  const passwordFile = args.text('password-file')
  const ca = args.text('ca')
  const cert = args.text('cert')
  const key = args.text('tls-key')
  return {
    url,
    protocol: protocolOf(args),
    topicRoot: args.text('topic-root') ?? DEFAULT_TOPIC_ROOT,
    ...(username === undefined ? {} : { username }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}

/** `--device 75/d-1`, any number of times; nothing means every device. */
export const deviceAddresses = (args: Arguments): { readonly devices?: readonly DeviceAddress[] } => {
  const devices = args.list('device').map((value) => {
    const [province = '', device = '', more] = value.split('/')
    if (!/^\d{2}$/.test(province) || device === '' || more !== undefined) {
      throw new LoaError('USAGE', `--device must be PROVINCE/DEVICE, like 75/d-7k2m4q9x, not ${value}`)
    }
    return { province, device }
  })
  return devices.length === 0 ? {} : { devices }
}
