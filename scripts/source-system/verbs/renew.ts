import { X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { pemOf } from '../../../agent/adapters/identity/key-pair.ts'
import { LoaError } from '../../../agent/core/error.ts'
import { isOver } from '../../../agent/core/update/progress.ts'
import type { Arguments } from '../arguments.ts'
import { BROKER_HELP, BROKER_OPTIONS, brokerOptions } from '../broker-arguments.ts'
import { watchJob } from '../job-watch.ts'
import { readKey, type SigningKey } from '../keys.ts'
import { type Authority, openAuthority } from '../mosquitto/authority.ts'
import { readRequest } from '../mosquitto/request.ts'
import { openPublisher, type Publisher } from '../publisher.ts'
import type { DeviceAddress } from '../topics.ts'
import type { Io, Verb } from '../verb.ts'

/** The certificate for what the device asked with, on `up/job`. @throws INVALID when it is no request of this device */
const certificateFor = async (authority: Authority, device: string, csr: string): Promise<string> => {
  const pem = pemOf('CERTIFICATE REQUEST', Buffer.from(csr, 'base64url'))
  const asked = await readRequest(pem)
  if (asked?.name !== device)
    throw new LoaError('INVALID', `what stands on up/job is no request of ${device} for a certificate`)
  return new X509Certificate(await authority.sign(device, pem)).toString()
}

type Renewing = {
  readonly publisher: Publisher
  readonly authority: Authority
  readonly keys: readonly SigningKey[]
  readonly address: DeviceAddress
  readonly id: string
  readonly io: Io
  readonly ms: number
}

const renewal = async ({ publisher, authority, keys, address, id, io, ms }: Renewing): Promise<number> => {
  const { device, province } = address
  const { client, topicRoot } = publisher
  let rev = 0
  const order = async (more: object): Promise<void> => {
    rev = Math.max(rev + 1, Math.floor(Date.now() / 1000))
    const job = { id, op: 'renew', ...more }
    const document = { kind: 'job', v: 1, device, rev, iat: new Date().toISOString(), job }
    await publisher.publish(document, { keys, province })
  }
  const watched = { client, topicRoot, address, id, io, ms }
  await order({})
  const asked = await watchJob(
    watched,
    (told) => (told.csr !== undefined && told.code === undefined) || isOver(told),
  )
  if (asked.csr === undefined) return asked.state === 'done' ? 0 : 1
  await order({ certificate: await certificateFor(authority, device, asked.csr) })
  const ended = await watchJob(watched, (told) => isOver(told) || told.code !== undefined)
  return ended.state === 'done' ? 0 : 1
}

const run = async (args: Arguments, io: Io): Promise<number> => {
  const key = args.text('key')
  if ((key === undefined) !== args.has('bare'))
    throw new LoaError('USAGE', 'give --key F, or --bare for devices with signatures off')
  const address = { device: args.required('device'), province: args.required('province') }
  const authority = await openAuthority(resolve(args.required('dir')))
  const ms = (args.number('timeout', { min: 1, max: 604_800 }) ?? 86_400) * 1000
  const id = args.text('id') ?? `renew-${Math.floor(Date.now() / 1000)}`
  const keys = key === undefined ? [] : [await readKey(key)]
  await using publisher = await openPublisher(brokerOptions(args))
  const code = await renewal({ publisher, authority, keys, address, id, io, ms })
  if (code === 0 && args.has('bar') && (await authority.barFormer(address.device)))
    io.note(`the certificate before is barred in ${authority.crl}: let the broker read it (SIGHUP)`)
  return code
}

export const renew: Verb = {
  name: 'renew',
  summary: 'give a device a new key pair and certificate',
  help: `  province renew --dir D --device ID --province PP (--key F | --bare) [--bar]

Orders a new key pair by a job, signs what the device asks for on up/job, and
watches until the device has come to the broker with it (docs/renewal.md). The
pair before goes on working until it is barred.
  --dir D            the folder of \`province broker --mosquitto\`: its authority
                     signs
  --bar              bar the certificate before, once the new one is in use
  --id ID            of the job (default renew-<Unix seconds>); the same id
                     again goes on with one that was cut off
  --timeout N        seconds to wait at most for each step (default 86400)

${BROKER_HELP}`,
  options: {
    ...BROKER_OPTIONS,
    dir: { type: 'string' },
    device: { type: 'string' },
    province: { type: 'string' },
    key: { type: 'string' },
    bare: { type: 'boolean' },
    bar: { type: 'boolean' },
    id: { type: 'string' },
    timeout: { type: 'string' },
  },
  run,
}
