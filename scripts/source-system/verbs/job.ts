import { LoaError } from '../../../agent/core/error.ts'
import { isOver } from '../../../agent/core/update/progress.ts'
import type { Arguments } from '../arguments.ts'
import { BROKER_HELP, BROKER_OPTIONS, brokerOptions } from '../broker-arguments.ts'
import { watchJob } from '../job-watch.ts'
import { readKey } from '../keys.ts'
import { openPublisher } from '../publisher.ts'
import type { Io, Verb } from '../verb.ts'

const RELEASE_LINE = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
const MAX_RELEASE = 65_536

/** The JWS of a release, alone or before the bytes of its package. */
const releaseIn = (bytes: Uint8Array, file: string): string => {
  const head = Buffer.from(bytes.subarray(0, MAX_RELEASE + 1)).toString('latin1')
  const [line = ''] = head.split(/\r?\n/, 1)
  if (line.length > MAX_RELEASE || !RELEASE_LINE.test(line))
    throw new LoaError('USAGE', `${file} is no release: its first line must be a compact JWS`)
  return line
}

const orderOf = async (args: Arguments, io: Io, now: Date) => {
  const file = args.text('release')
  if ((file === undefined) !== args.has('cancel'))
    throw new LoaError('USAGE', 'give --release FILE (.loa, or its JWS alone), or --cancel')
  const id = args.text('id') ?? `job-${Math.floor(now.getTime() / 1000)}`
  if (file === undefined) return { id, op: 'cancel' } as const
  const notBefore = args.text('not-before')
  if (notBefore !== undefined && Number.isNaN(Date.parse(notBefore)))
    throw new LoaError('USAGE', `--not-before must be ISO 8601, not ${notBefore}`)
  const release = releaseIn(await io.read(file), file)
  return { id, op: 'update', release, ...(notBefore === undefined ? {} : { notBefore }) } as const
}

export const job: Verb = {
  name: 'job',
  summary: 'order a software update of a device, and watch it',
  help: `  province job --device D --province PP --release FILE (--key F | --bare)
  province job --device D --province PP --cancel (--key F | --bare)

Publishes a job, retained, with the Unix seconds of now as its rev. The device
fetches the package from the URLs of the release: \`province content\` serves it.
  --release FILE     a release as one file (.loa), or its JWS alone
  --cancel           call off what is under way
  --id ID            of the job (default job-<Unix seconds>): one that is over
                     is not done again under the same id
  --not-before T     nothing of it begins before (ISO 8601)
  --wait             show up/job until it is over; exit code 1 unless it is done
  --timeout N        seconds to wait at most (default 86400)

${BROKER_HELP}`,
  options: {
    ...BROKER_OPTIONS,
    device: { type: 'string' },
    province: { type: 'string' },
    release: { type: 'string' },
    cancel: { type: 'boolean' },
    id: { type: 'string' },
    'not-before': { type: 'string' },
    key: { type: 'string' },
    bare: { type: 'boolean' },
    wait: { type: 'boolean' },
    timeout: { type: 'string' },
  },
  run: async (args, io) => {
    const key = args.text('key')
    if ((key === undefined) !== args.has('bare'))
      throw new LoaError('USAGE', 'give --key F, or --bare for devices with signatures off')
    const now = new Date()
    const order = await orderOf(args, io, now)
    const address = { device: args.required('device'), province: args.required('province') }
    const ms = (args.number('timeout', { min: 1, max: 604_800 }) ?? 86_400) * 1000
    const keys = key === undefined ? [] : [await readKey(key)]
    const rev = Math.floor(now.getTime() / 1000)
    await using publisher = await openPublisher(brokerOptions(args))
    const { client, topicRoot } = publisher
    const document = { kind: 'job', v: 1, device: address.device, rev, iat: now.toISOString(), job: order }
    const { topic } = await publisher.publish(document, { keys, province: address.province })
    if (!args.has('wait')) {
      io.out(io.json ? JSON.stringify({ topic, rev, id: order.id }) : `${topic} rev ${rev}, job ${order.id}`)
      return 0
    }
    const watched = { client, topicRoot, address, id: order.id, io, ms }
    const ended = await watchJob(watched, isOver)
    return ended.state === (order.op === 'cancel' ? 'cancelled' : 'done') ? 0 : 1
  },
}
