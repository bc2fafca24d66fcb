import { BROKER_HELP, BROKER_OPTIONS, brokerOptions, deviceAddresses } from '../broker-arguments.ts'
import { openRecordLedger, type Receipt } from '../record-ledger.ts'
import { openRecordServer } from '../record-server.ts'
import { untilStopped, type Verb } from '../verb.ts'

/** One line a batch, as both `records` and `serve` print it. */
export const receiptLine = ({ device, topic, inserted, duplicates, refused, ack }: Receipt): string => {
  const numbers = inserted.map(({ n }) => n)
  const what = numbers.length === 0 ? 'nothing new' : `${topic} ${numbers.join(' ')}`
  const again = duplicates === 0 ? '' : `, ${duplicates} held already`
  const bad = refused.map(({ n, reason }) => `, ${n} refused ${reason}`).join('')
  return `${device}: ${what}${again}${bad}, acknowledged to ${ack?.upTo ?? 0}`
}

export const records: Verb = {
  name: 'records',
  summary: 'receive, store and acknowledge records',
  help: `  province records --db F [--device 75/d-1]...

Stores playback and event records of devices in the SQLite file F, each once,
and acknowledges after every batch on down/acked. One line a batch. Check what
came with \`province check --db F\`.
  --device P/D    only this device, for brokers without wildcards

${BROKER_HELP}`,
  options: { ...BROKER_OPTIONS, db: { type: 'string' }, device: { type: 'string', multiple: true } },
  run: async (args, io) => {
    const broker = brokerOptions(args)
    // Wrong usage leaves no file behind.
    const devices = deviceAddresses(args)
    using ledger = openRecordLedger(args.required('db'))
    await using _server = await openRecordServer({
      ...broker,
      ...devices,
      ledger,
      onBatch: (receipt) => io.out(io.json ? JSON.stringify(receipt) : receiptLine(receipt)),
      onRefused: (topic, error) => io.note(`${topic}: refused ${error.code}: ${error.message}`),
    })
    io.note(`receiving from ${broker.url}`)
    await untilStopped(io)
    return 0
  },
}
