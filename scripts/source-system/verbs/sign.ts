import { LoaError } from '../../../agent/core/error.ts'
import { onlyPositional } from '../arguments.ts'
import { readKey } from '../keys.ts'
import { seal } from '../sign.ts'
import { stamp } from '../stamp.ts'
import { addressOf } from '../topics.ts'
import type { Verb } from '../verb.ts'

export const sign: Verb = {
  name: 'sign',
  summary: 'sign a document',
  help: `  province sign [--kind K] --key F [--key F]... [--stamp] FILE|-

Prints a compact JWS; for trust, which takes several keys, the JWS JSON general
serialisation. The bytes of FILE are signed as they are.
  --kind K    must be the document's own kind; a check against the wrong file
  --key F     private key made by \`province keys\`
  --stamp     first set rev to the Unix seconds of now and iat to now`,
  options: {
    kind: { type: 'string' },
    key: { type: 'string', multiple: true },
    stamp: { type: 'boolean' },
  },
  run: async (args, io) => {
    const file = onlyPositional(args, 'document: FILE or -')
    args.required('key')
    const read = await io.read(file)
    const address = addressOf(read)
    const kind = args.text('kind')
    if (kind !== undefined && kind !== address.kind) {
      throw new LoaError('USAGE', `--kind is ${kind}, but ${file} is a ${address.kind}`)
    }
    const keys = await Promise.all(args.list('key').map(readKey))
    const message = seal(address.kind, args.has('stamp') ? stamp(read, new Date()) : read, keys)
    io.out(
      io.json ? JSON.stringify({ kind: address.kind, kids: keys.map(({ kid }) => kid), message }) : message,
    )
    return 0
  },
}
