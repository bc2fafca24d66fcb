import { LoaError } from '../../../agent/core/error.ts'
import type { Arguments } from '../arguments.ts'
import { BROKER_HELP, BROKER_OPTIONS, brokerOptions } from '../broker-arguments.ts'
import { OPS, type Op, type Reply, sendCommand } from '../command.ts'
import { readKey } from '../keys.ts'
import { openPublisher } from '../publisher.ts'
import type { Verb } from '../verb.ts'

const opOf = (args: Arguments): Op => {
  const wanted = args.required('op')
  const op = OPS.find((known) => known === wanted)
  if (op === undefined) throw new LoaError('USAGE', `--op must be one of ${OPS.join(' ')}`)
  return op
}

const argsOf = (args: Arguments): object => {
  const text = args.text('args') ?? '{}'
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // The one message below is for both faults.
  }
  throw new LoaError('USAGE', `--args must be a JSON object, like '{"seconds":60}', not ${text}`)
}

const line = ({ status, code, data }: Reply): string =>
  [status, code, data === undefined ? undefined : JSON.stringify(data)]
    .filter((each) => each !== undefined)
    .join(' ')

export const command: Verb = {
  name: 'command',
  summary: 'send a command to a device and wait for its reply',
  help: `  province command --device D --province PP --op OP [--args JSON]
                   (--key F | --bare)

Reads the boot nonce from the device's retained up/state, signs the command for
it, sends it, and prints the replies. Exit code 1 if the last one is failed or
rejected, or none came.
  --op OP         ${OPS.slice(0, 8).join(' ')}
                  ${OPS.slice(8).join(' ')}
  --args JSON     arguments of the op:
                  mute '{"seconds":60}'    volume '{"volume":50}'
                  amplifier '{"id":"main","on":true,"seconds":5}'
                  play '{"parts":[{"sound":"chime"}],"volume":60}'
                  sign '{"pages":[{"text":"19:30","seconds":10}],"seconds":600}'
                  sync '{"from":{"epoch":"…","n":1}}'
  --valid N       seconds it may be carried out, 1 to 300 (default 60)
  --timeout N     seconds to wait for the last reply (default 30); the last
                  reply to play comes when it has sounded

${BROKER_HELP}`,
  options: {
    ...BROKER_OPTIONS,
    device: { type: 'string' },
    province: { type: 'string' },
    op: { type: 'string' },
    args: { type: 'string' },
    key: { type: 'string' },
    bare: { type: 'boolean' },
    valid: { type: 'string' },
    timeout: { type: 'string' },
  },
  run: async (args, io) => {
    const key = args.text('key')
    if ((key === undefined) !== args.has('bare')) {
      throw new LoaError('USAGE', 'give --key F, or --bare for devices with signatures off')
    }
    const options = {
      device: args.required('device'),
      province: args.required('province'),
      op: opOf(args),
      args: argsOf(args),
      validSeconds: args.number('valid', { min: 1, max: 300 }) ?? 60,
      timeoutMs: (args.number('timeout', { min: 1, max: 86_400 }) ?? 30) * 1000,
      ...(key === undefined ? {} : { signingKey: await readKey(key) }),
    }
    await using publisher = await openPublisher(brokerOptions(args))
    const replies = await sendCommand({
      ...options,
      ...publisher,
      onReply: (reply) => {
        if (!io.json) io.out(line(reply))
      },
    })
    if (io.json) io.out(JSON.stringify(replies))
    return replies.at(-1)?.status === 'done' ? 0 : 1
  },
}
