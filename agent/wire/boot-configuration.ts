import * as v from 'valibot'
import { plainCode } from '../core/enrolment/code.ts'
import { namesItsPlace } from '../core/place.ts'
import type { SetupAnswers } from '../core/setup/answers.ts'
import { ConfigFault } from './config-fault.ts'
import { about, digits, ids, path, shortList } from './config-scalars.ts'
import { allowedPlace, brokerUrl, topicRoot } from './configuration.ts'
import { faultsOf } from './fault.ts'
import { namedKey } from './named-key.ts'
import { id, integer, language, matching, text } from './scalars.ts'
import { strictFields } from './shape.ts'

const username = matching(/^[^\0\n\r]{1,256}$/, 256, 'a user name')
const password = matching(/^[^\0\n\r]{1,1000}$/, 1_000, 'a password of one line')
/** Several certificates; a file name is shorter. */
const pem = text(65_536)
const PEM_HOW = 'PEM text, or the name of a file beside this one'

const bootFields = strictFields({
  id: about(v.exactOptional(id), 'Name of the device; a new one is made without it.'),
  place: about(
    strictFields({
      province: about(digits(2, '75'), 'Code of the province.'),
      commune: about(digits(5, '26068'), 'Code of the commune.'),
    }),
    'Where it stands.',
  ),
  groups: about(v.optional(ids(1_000), []), 'Groups that items may name as targets.'),
  languages: about(v.optional(shortList(language, 16, 1), ['vi']), 'Languages of the place.'),
  board: about(v.optional(path, 'auto'), 'Name of a board, or `auto`: the one for this machine.'),
  brokers: about(shortList(brokerUrl, 8, 1), 'Brokers, tried in turn.'),
  protocol: about(v.exactOptional(v.picklist([4, 5])), 'MQTT 5 (when absent), or 4 for MQTT 3.1.1.'),
  topicRoot: about(v.exactOptional(topicRoot), 'First levels of every topic.'),
  ca: about(v.exactOptional(pem), `Authorities that vouch for the brokers: ${PEM_HOW}.`),
  cert: about(v.exactOptional(pem), `Certificate of the device, made beforehand: ${PEM_HOW}.`),
  key: about(
    v.exactOptional(pem),
    `Its private key; one is made on the device without it. Secret. ${PEM_HOW}.`,
  ),
  username: about(v.exactOptional(username), 'User name at the broker; with a password the id when absent.'),
  password: about(
    v.exactOptional(password),
    'Password at the broker. Secret. Without `code` and `cert` it stands in for a certificate.',
  ),
  code: about(
    v.exactOptional(
      v.pipe(
        v.string(),
        v.check(
          (typed) => plainCode(typed) !== undefined,
          'expected a code of four groups of five letters, such as K7M2Q-9XWPC-4T3RJ-HV8ND',
        ),
      ),
    ),
    'One-time code with which the device gets its certificate. Secret.',
  ),
  enrol: about(
    v.exactOptional(
      strictFields({
        urls: about(
          v.exactOptional(shortList(brokerUrl, 8, 1)),
          'Where it is asked for; the brokers when absent.',
        ),
        username: about(v.exactOptional(username), 'Account for enrolment, where the broker wants one.'),
        password: about(v.exactOptional(password), 'Its password. Secret.'),
      }),
    ),
    'How the certificate is asked for.',
  ),
  content: about(
    v.optional(
      strictFields({
        allow: about(v.optional(shortList(allowedPlace, 32), []), 'Places that files may come from.'),
      }),
      {},
    ),
    'Where programmes come from.',
  ),
  rootKeys: about(v.optional(shortList(namedKey, 16), []), 'Keys that sign trust documents.'),
  threshold: about(v.optional(integer(1, 16), 1), 'How many of them must have signed.'),
  signatures: about(v.optional(v.picklist(['required', 'off']), 'required'), '`off` only on a bench.'),
  updateKeys: about(v.optional(shortList(namedKey, 16), []), 'Keys that sign releases.'),
})

type Boot = v.InferOutput<typeof bootFields>

/** `loa.yaml` of the boot partition. */
export const bootSchema = v.pipe(
  bootFields,
  v.forward(
    v.check(
      (value: Boot) => value.id === undefined || !namesItsPlace({ id: value.id, ...value.place }),
      'contains the code of its province or commune; leave it out and one is made',
    ),
    ['id'],
  ),
  v.forward(
    v.check(
      (value: Boot) => value.code === undefined || value.id !== undefined,
      'is missing: a code is good for one id only',
    ),
    ['id'],
  ),
  v.forward(
    v.check(
      (value: Boot) => value.cert === undefined || value.key !== undefined,
      'is missing: cert needs it',
    ),
    ['key'],
  ),
  v.forward(
    v.check(
      (value: Boot) => value.key === undefined || value.cert !== undefined || value.code !== undefined,
      'is missing: a key alone is of no use',
    ),
    ['cert'],
  ),
)

/** Members that must not stay on a partition that every computer can read. */
export const BOOT_SECRETS: readonly (readonly string[])[] = [
  ['code'],
  ['password'],
  ['key'],
  ['enrol', 'password'],
]

const defined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

const answersOf = (boot: Boot): SetupAnswers => {
  const { place, groups, languages, board, brokers, protocol, topicRoot: root, ca, cert, key } = boot
  return {
    device: { ...(boot.id === undefined ? {} : { id: boot.id }), ...place, groups, languages },
    board,
    mqtt: {
      urls: brokers,
      ...defined({
        protocol,
        topicRoot: root,
        username: boot.username,
        password: boot.password,
        ca,
        cert,
        key,
      }),
    },
    allow: boot.content.allow ?? [],
    signatures: boot.signatures,
    rootKeys: boot.rootKeys,
    threshold: boot.threshold,
    updateKeys: boot.updateKeys,
    ...(boot.code === undefined ? {} : { enrolment: { code: boot.code, ...defined({ ...boot.enrol }) } }),
  }
}

/** What `loa.yaml` says, from the value of the parsed file. @throws ConfigFault with every fault at once */
export const readBootConfiguration = (value: unknown, file: string): SetupAnswers => {
  const result = v.safeParse(bootSchema, value)
  if (!result.success) throw new ConfigFault(file, faultsOf(result.issues))
  return answersOf(result.output)
}

/** Single answers of the dialogue, judged as the file would be. */
export const isBrokerUrl = (text: string): boolean => v.is(brokerUrl, text)
export const isContentPlace = (text: string): boolean => v.is(allowedPlace, text)
export const isDeviceId = (text: string): boolean => v.is(id, text)
export const isLanguage = (text: string): boolean => v.is(language, text)
