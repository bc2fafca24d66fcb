import { given } from '../given.ts'
import { rootKeysYaml } from '../key-folder.ts'
import { formatTable } from '../monitor-table.ts'
import { openProvince, type Province } from '../province.ts'
import { type Io, untilStopped, type Verb } from '../verb.ts'
import { requestLine } from './content.ts'
import { receiptLine } from './records.ts'

const configuration = ({ brokerUrl, protocol, content, keys }: Province): string =>
  [
    'mqtt:',
    `  urls: ["${brokerUrl}"]`,
    `  protocol: ${protocol}`,
    `content: { allow: ["${content.origin}/"] }`,
    rootKeysYaml(keys.roots, keys.roots.length).trimEnd(),
  ].join('\n')

const announce = (province: Province, io: Io): void => {
  const { brokerUrl, protocol, content, contentDirectory, keys } = province
  if (io.json) {
    const rootKeys = keys.roots.map(({ kid, x }) => ({ kid, x }))
    io.out(
      JSON.stringify({
        ready: true,
        brokerUrl,
        protocol,
        origin: content.origin,
        contentDirectory,
        rootKeys,
      }),
    )
    return
  }
  io.out(configuration(province))
  io.note(`files for devices go into ${contentDirectory}`)
  io.note('ready')
}

export const serve: Verb = {
  name: 'serve',
  summary: 'broker, content, records and monitor in one',
  help: `  province serve --dir D [--area 75] [--commune 75/26068]...
                 [--broker URL [--protocol 5|4]]

Everything a device needs of a province, with its data in D (keys/, content/,
records.db). Prints the lines for agent.yaml, publishes the trust document, then
prints what happens, one line each.
  --broker URL         use this broker; without it one is embedded (MQTT 3.1.1)
  --ca F --cert F --tls-key F    for an mqtts broker, which has to let one name
                       in several times (province broker --source-port)
  --mqtt-port N        of the embedded broker (default 1883; 0 takes a free one)
  --http-port N        of the content server (default 8080; 0 takes a free one)
  --host H             both listen there (default 127.0.0.1)
  --watch              print a row of the table at each state and heartbeat too`,
  options: {
    dir: { type: 'string' },
    area: { type: 'string' },
    commune: { type: 'string', multiple: true },
    broker: { type: 'string' },
    protocol: { type: 'string' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    'tls-key': { type: 'string' },
    'mqtt-port': { type: 'string' },
    'http-port': { type: 'string' },
    host: { type: 'string' },
    watch: { type: 'boolean' },
  },
  run: async (args, io) => {
    const say = (kind: string, value: object, line: string) =>
      io.out(io.json ? JSON.stringify({ kind, ...value }) : line)
    const port = { min: 0, max: 65_535 }
    const brokerUrl = args.text('broker')
    const host = args.text('host')
    const area = args.text('area')
    await using province = await openProvince({
      directory: args.required('dir'),
      communes: args.list('commune'),
      brokerPort: args.number('mqtt-port', port) ?? 1883,
      contentPort: args.number('http-port', port) ?? 8080,
      protocol: args.number('protocol', { min: 4, max: 5 }) === 4 ? 4 : 5,
      ...(area === undefined ? {} : { area }),
      ...(brokerUrl === undefined ? {} : { brokerUrl }),
      ...(host === undefined ? {} : { host }),
      account: given({ ca: args.text('ca'), cert: args.text('cert'), key: args.text('tls-key') }),
      onRequest: (request) => say('request', request, `http    ${requestLine(request)}`),
      onBatch: (receipt) => say('batch', receipt, `record  ${receiptLine(receipt)}`),
      onRefused: (topic, error) => io.note(`refused ${topic}: ${error.code}: ${error.message}`),
      onChange: (row) => {
        if (args.has('watch')) say('device', row, `device  ${formatTable([row], Date.now())[1] ?? ''}`)
      },
    })
    announce(province, io)
    await untilStopped(io)
    return 0
  },
}
