import { resolve } from 'node:path'
import { LoaError } from '../../../agent/core/error.ts'
import type { Arguments } from '../arguments.ts'
import { BROKER_HELP, BROKER_OPTIONS, brokerOptions } from '../broker-arguments.ts'
import { connectToBroker } from '../connection.ts'
import { type EnrolDesk, openEnrolDesk } from '../enrol-desk.ts'
import { openAuthority } from '../mosquitto/authority.ts'
import { type Io, untilStopped, type Verb } from '../verb.ts'

const USUAL_DAYS = 14

const openDesk = async (args: Arguments): Promise<EnrolDesk> => {
  const directory = resolve(args.required('dir'))
  const perMinute = args.number('per-minute', { min: 1, max: 1_000 })
  return openEnrolDesk({
    directory,
    authority: await openAuthority(directory),
    now: Date.now,
    ...(perMinute === undefined ? {} : { perMinute }),
  })
}

const code = async (args: Arguments, io: Io): Promise<number> => {
  const devices = args.list('device')
  if (devices.length === 0) throw new LoaError('USAGE', '--device is needed')
  const desk = await openDesk(args)
  const days = args.number('days', { min: 1, max: 365 }) ?? USUAL_DAYS
  for (const device of devices) {
    const issued = await desk.issue(device, days)
    if (io.json) io.out(JSON.stringify({ device, ...issued }))
    else io.out(`${device}  ${issued.code}  until ${issued.expires}`)
  }
  return 0
}

const serve = async (args: Arguments, io: Io): Promise<number> => {
  const desk = await openDesk(args)
  const { topicRoot, ...broker } = brokerOptions(args)
  const client = await connectToBroker({ ...broker, persistent: true })
  const prefix = `${topicRoot}/enrol/`
  const answer = async (topic: string, payload: Uint8Array): Promise<void> => {
    const [device = '', leaf] = topic.slice(prefix.length).split('/')
    if (!topic.startsWith(prefix) || leaf !== 'request') return
    const said = await desk.answer(device, payload)
    const line = {
      device,
      status: said?.status ?? 'ignored',
      ...(said?.reason === undefined ? {} : { reason: said.reason }),
    }
    if (io.json) io.out(JSON.stringify(line))
    else io.out(`${device}: ${line.status}${said?.reason === undefined ? '' : ` (${said.reason})`}`)
    if (said !== undefined)
      await client.publishAsync(`${prefix}${device}/answer`, JSON.stringify(said), { qos: 1 })
  }
  // One after the other: openssl keeps its list of certificates in a file.
  let queue = Promise.resolve()
  client.on('message', (topic, payload) => {
    queue = queue
      .then(() => answer(topic, payload))
      .catch((error: unknown) => io.note(`enrol: ${error instanceof Error ? error.message : String(error)}`))
  })
  await client.subscribeAsync(`${prefix}+/request`, { qos: 1 })
  io.note('answering requests for certificates')
  await untilStopped(io)
  await queue
  await client.endAsync(true)
  return 0
}

export const enrol: Verb = {
  name: 'enrol',
  summary: 'give devices their certificates for a one-time code',
  help: `  province enrol code --dir D --device ID... [--days N]
  province enrol serve --dir D [--per-minute N] [broker options]

D is the folder of \`province broker --mosquitto\`: its authority signs. What is
exchanged: docs/enrolment.md.
code prints a code for each device; it is good once, for one key, for --days
(default ${USUAL_DAYS}). A new one makes an earlier one void.
serve answers until it is stopped. A request without the right code, with a used
or an expired one, or for another name is refused; more than --per-minute
(default 10) of one device are not answered.

${BROKER_HELP}`,
  options: {
    ...BROKER_OPTIONS,
    dir: { type: 'string' },
    device: { type: 'string', multiple: true },
    days: { type: 'string' },
    'per-minute': { type: 'string' },
  },
  run: (args, io) => {
    const [order, extra] = args.positionals
    if (extra !== undefined) throw new LoaError('USAGE', `${extra} is too much here`)
    if (order === 'code') return code(args, io)
    if (order === 'serve') return serve(args, io)
    throw new LoaError('USAGE', 'say code or serve')
  },
}
