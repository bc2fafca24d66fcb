import { LoaError } from '../../../agent/core/error.ts'
import { onlyPositional } from '../arguments.ts'
import { BROKER_HELP, BROKER_OPTIONS, brokerOptions } from '../broker-arguments.ts'
import { readKey } from '../keys.ts'
import { openPublisher, type PublishOptions } from '../publisher.ts'
import { payloadOf } from '../sign.ts'
import { stamp } from '../stamp.ts'
import { addressOf, documentTopic } from '../topics.ts'
import type { Verb } from '../verb.ts'

export const publish: Verb = {
  name: 'publish',
  summary: 'publish a document on its topic',
  help: `  province publish (--key F... | --bare) [--stamp] [--province PP] FILE|-
  province publish FILE|-      a message that is signed already

Publishes retained with QoS 1 (a command is not retained) on the topic that
follows from kind and area, or device. Devices take a document only if its rev
is above the one they hold.
  --key F         sign with this key; several for trust
  --bare          publish JSON unsigned, for devices with \`signatures: off\`
  --stamp         first set rev to the Unix seconds of now and iat to now
  --province PP   for a document of a device, which does not name its province

${BROKER_HELP}`,
  options: {
    ...BROKER_OPTIONS,
    key: { type: 'string', multiple: true },
    bare: { type: 'boolean' },
    stamp: { type: 'boolean' },
    province: { type: 'string' },
  },
  run: async (args, io) => {
    const file = onlyPositional(args, 'document: FILE or -')
    const broker = brokerOptions(args)
    const keys = await Promise.all(args.list('key').map(readKey))
    if (args.has('bare') && keys.length > 0) throw new LoaError('USAGE', 'give --key or --bare, not both')
    const province = args.text('province')
    const options: PublishOptions = { keys, ...(province === undefined ? {} : { province }) }
    const read = await io.read(file)

    const signed = payloadOf(read)
    if (signed !== undefined && (keys.length > 0 || args.has('stamp') || args.has('bare'))) {
      throw new LoaError('USAGE', `${file} is signed already: publish it without --key, --bare and --stamp`)
    }
    if (signed === undefined && keys.length === 0 && !args.has('bare')) {
      throw new LoaError(
        'USAGE',
        `${file} is not signed: give --key F, or --bare for devices with signatures off`,
      )
    }
    const address = addressOf(signed ?? read)
    const topic = documentTopic(broker.topicRoot, address, province)
    await using publisher = await openPublisher(broker)
    if (signed !== undefined) {
      await publisher.publishRaw(topic, Buffer.from(read).toString('utf8').trim(), address.kind !== 'command')
      io.out(
        io.json ? JSON.stringify({ topic, rev: address.rev, signed: true }) : `${topic} rev ${address.rev}`,
      )
      return 0
    }
    const sent = await publisher.publish(args.has('stamp') ? stamp(read, new Date()) : read, options)
    const value = { topic, rev: sent.rev, bytes: Buffer.byteLength(sent.message), signed: keys.length > 0 }
    io.out(io.json ? JSON.stringify(value) : `${topic} rev ${sent.rev}, ${value.bytes} bytes`)
    return 0
  },
}
