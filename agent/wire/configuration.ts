import * as v from 'valibot'
import type { AgentConfig } from '../core/configuration.ts'
import { ConfigFault } from './config-fault.ts'
import { about, fileOrCredential, path, shortList } from './config-scalars.ts'
import { contactAlerts } from './contact-alerts.ts'
import { device } from './device-configuration.ts'
import { faultsOf } from './fault.ts'
import { areDistinct, namedKey, SAME_KEY_TWICE } from './named-key.ts'
import { network } from './network-configuration.ts'
import { statusPage } from './page-configuration.ts'
import {
  dayRange,
  fadeInSeconds,
  intervalSeconds,
  MAX_RANGES,
  normalFromProvince,
  rangeIsOpen,
  volumeCap,
} from './policy.ts'
import { integer, matching } from './scalars.ts'
import { strictFields } from './shape.ts'
import { speech } from './speech-configuration.ts'
import { update } from './update-configuration.ts'

export const brokerUrl = matching(
  /^mqtts?:\/\/(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?\/?$/,
  300,
  'mqtts://host:port or mqtt://host:port, without user name or path',
)
export const topicRoot = matching(
  /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/,
  128,
  'topic levels of A-Z a-z 0-9 . _ -, such as loa/v1',
)

const mqttFields = strictFields({
  urls: about(shortList(brokerUrl, 8, 1), 'Brokers, tried in turn; the one that answers is kept.'),
  protocol: about(v.optional(v.picklist([4, 5]), 5), 'MQTT 5, or 4 for MQTT 3.1.1.'),
  topicRoot: about(v.optional(topicRoot, 'loa/v1'), 'First levels of every topic.'),
  username: about(v.exactOptional(matching(/^[^\0]{1,256}$/, 256, 'a user name')), 'User name.'),
  passwordFile: about(
    v.exactOptional(fileOrCredential),
    'File that holds the password, and nothing else; like the next three a path, or `credential:NAME` for what systemd hands over.',
  ),
  ca: about(v.exactOptional(fileOrCredential), 'PEM file of the authorities that vouch for the brokers.'),
  cert: about(v.exactOptional(fileOrCredential), 'PEM file of the certificate of this device.'),
  key: about(v.exactOptional(fileOrCredential), 'PEM file of its private key.'),
})
const mqtt = v.pipe(
  mqttFields,
  v.forward(
    v.check(
      (value) => value.passwordFile === undefined || value.username !== undefined,
      'a password needs a username',
    ),
    ['passwordFile'],
  ),
  v.forward(
    v.check((value) => value.cert === undefined || value.key !== undefined, 'is missing: cert needs it'),
    ['key'],
  ),
  v.forward(
    v.check((value) => value.key === undefined || value.cert !== undefined, 'is missing: key needs it'),
    ['cert'],
  ),
)

const isPlace = (value: string): boolean => {
  const url = URL.parse(value)
  return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}
const PLACE = 'the beginning of http or https URLs, such as "https://content.example/"'
/** Without a slash after it, a host would also allow every host whose name begins with it. */
export const allowedPlace = v.pipe(
  matching(/^https?:\/\/[!-~]+$/, 2_000, PLACE),
  v.check(isPlace, `expected ${PLACE}`),
  v.transform((value) => (/^https?:\/\/[^/]+$/.test(value) ? `${value}/` : value)),
)

const content = strictFields({
  allow: about(
    v.optional(shortList(allowedPlace, 32), []),
    'Places that files and streams may come from; nothing is fetched from anywhere else.',
  ),
  quotaMb: about(v.optional(integer(1, 1_048_576), 4_096), 'Space for cached audio and images, MiB.'),
  maxFileMb: about(v.optional(integer(1, 4_096), 256), 'Largest single file, MiB.'),
})

const securityFields = strictFields({
  signatures: about(
    v.optional(v.picklist(['required', 'off']), 'required'),
    '`off` only on a bench: then anybody who reaches the broker can make this device speak.',
  ),
  rootKeys: about(
    v.optional(shortList(namedKey, 16), []),
    'Keys that sign trust documents. May be missing only with `signatures: off`.',
  ),
  threshold: about(v.optional(integer(1, 16), 1), 'How many root keys must have signed a trust document.'),
})
type Security = v.InferOutput<typeof securityFields>
const security = v.pipe(
  securityFields,
  v.forward(
    v.check(
      (value: Security) => value.signatures === 'off' || value.rootKeys.length > 0,
      'is missing: without root keys no document can be accepted (signatures: off is for benches)',
    ),
    ['rootKeys'],
  ),
  v.forward(
    v.check((value: Security) => areDistinct(value.rootKeys), SAME_KEY_TWICE),
    ['rootKeys'],
  ),
  v.forward(
    v.check(
      (value: Security) => value.rootKeys.length === 0 || value.threshold <= value.rootKeys.length,
      'is above the number of root keys',
    ),
    ['threshold'],
  ),
)

const policy = strictFields({
  quietHours: about(
    v.optional(shortList(v.pipe(strictFields(dayRange), rangeIsOpen()), MAX_RANGES), [
      { from: '21:00', to: '05:00' },
    ]),
    'Local times in which nothing but alerts starts, and what still plays is faded out; [] for none.',
  ),
  volume: about(
    v.optional(shortList(v.pipe(strictFields(volumeCap), rangeIsOpen()), MAX_RANGES), []),
    'Caps in percent, by local time.',
  ),
  normalFromProvince: about(
    v.optional(normalFromProvince, 'play'),
    'Whether normal items of the national and provincial documents are played.',
  ),
  fadeInSeconds: about(
    v.optional(fadeInSeconds, 0),
    'Fade of the first item after a minute of silence; never of an alert.',
  ),
})

const isTimezone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
const ZONE = 'a time zone such as Asia/Ho_Chi_Minh'
const timezone = v.pipe(
  matching(/^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+){0,2}$/, 64, ZONE),
  v.check(isTimezone, `expected ${ZONE}`),
)

/** `agent.yaml`: every key is validated, and all but `device`, `board` and `mqtt.urls` have defaults. */
export const configurationSchema = strictFields({
  device: about(device, 'Which receiver this is, and where it stands.'),
  board: about(path, 'Board description: a name in board-configs or the path of a file.'),
  timezone: about(v.optional(timezone, 'Asia/Ho_Chi_Minh'), 'Time zone of schedules.'),
  mqtt: about(mqtt, 'The brokers of the province.'),
  content: about(v.optional(content, {}), 'Where programmes come from, and the space they may take.'),
  security: about(v.optional(security, {}), 'Whose documents are obeyed.'),
  policy: about(
    v.optional(policy, {}),
    'Rules of the local authority; a `desired` document may replace each.',
  ),
  contacts: about(
    v.optional(contactAlerts, []),
    'What the emergency contacts of the board start; one that is not listed starts siren and headline.',
  ),
  speech: about(v.optional(speech, {}), 'Who speaks the texts of documents.'),
  network: about(v.optional(network, {}), 'How this device reaches out, and what that costs.'),
  page: about(
    v.exactOptional(statusPage),
    'A page that shows the state of this device in a browser and changes nothing; none without it.',
  ),
  heartbeat: about(
    v.optional(
      strictFields({
        intervalSeconds: about(v.optional(intervalSeconds, 60), 'Seconds from one heartbeat to the next.'),
      }),
      {},
    ),
    'The sign of life.',
  ),
  outbox: about(
    v.optional(
      strictFields({
        ack: about(
          v.optional(v.picklist(['server', 'broker']), 'server'),
          '`server`: a record counts as acknowledged when `down/acked` covers it; `broker`: at its PUBACK.',
        ),
      }),
      {},
    ),
    'Records waiting for the server.',
  ),
  update: about(v.optional(update, {}), 'Whose releases are taken, and how long one is tried.'),
  paths: about(
    v.optional(
      strictFields({
        state: about(v.optional(path, '/var/lib/loa'), 'Directory of state.db and media.db.'),
        runtime: about(v.optional(path, '/run/loa'), 'Directory of control.sock.'),
      }),
      {},
    ),
    'Where files are kept.',
  ),
  log: about(
    v.optional(
      strictFields({
        level: about(
          v.optional(v.picklist(['fatal', 'error', 'warn', 'info', 'debug', 'trace']), 'info'),
          'Least severity that is logged.',
        ),
      }),
      {},
    ),
    'Log lines on standard output.',
  ),
})

/**
 * The configuration with every default filled in, from the value of a parsed `agent.yaml`.
 * @throws ConfigFault with every fault at once
 */
export const readConfiguration = (value: unknown, file: string): AgentConfig => {
  const schema: v.GenericSchema<unknown, unknown> = configurationSchema
  const result = v.safeParse(schema, value)
  if (!result.success) throw new ConfigFault(file, faultsOf(result.issues))
  return result.output as AgentConfig
}
