import { join, resolve } from 'node:path'
import { LoaError } from '../../../agent/core/error.ts'
import type { Arguments } from '../arguments.ts'
import { openBroker } from '../broker.ts'
import { given } from '../given.ts'
import { type BrokerFolder, openBrokerFolder } from '../mosquitto/broker-folder.ts'
import { runMosquitto } from '../mosquitto/run.ts'
import { type Io, untilStopped, type Verb } from '../verb.ts'

const DEFAULT_TLS_PORT = 8883
const DEFAULT_PORT = 1883

const embedded = async (args: Arguments, io: Io): Promise<number> => {
  const host = args.text('host')
  await using running = await openBroker({
    port: args.number('port', { min: 0, max: 65_535 }) ?? DEFAULT_PORT,
    ...(host === undefined ? {} : { host }),
  })
  io.out(io.json ? JSON.stringify({ url: running.url }) : `broker on ${running.url} (protocol 4)`)
  await untilStopped(io)
  return 0
}

type Addresses = { readonly url: string; readonly sourceUrl: string }

const announce = (
  io: Io,
  { url, sourceUrl }: Addresses,
  directory: string,
  { configFile, devices }: BrokerFolder,
): void => {
  if (io.json) {
    io.out(JSON.stringify({ url, sourceUrl, configFile, devices }))
    return
  }
  io.out(`# ${configFile}; the lines for agent.yaml of each device (files copied to /etc/loa/tls):`)
  for (const { province, commune, id } of devices)
    io.out(
      [
        `device: { id: ${id}, province: "${province}", commune: "${commune}" }`,
        `mqtt: { urls: ["${url}"], ca: /etc/loa/tls/ca.pem, cert: /etc/loa/tls/${id}.pem, key: /etc/loa/tls/${id}.key }`,
      ].join('\n'),
    )
  const at = (name: string): string => join(directory, name)
  io.out(
    `# the source system: --url ${sourceUrl} --ca ${at('ca.pem')} --cert ${at('clients/source.pem')} --tls-key ${at('clients/source.key')}`,
  )
}

const mosquitto = async (args: Arguments, io: Io): Promise<number> => {
  const directory = resolve(args.required('dir'))
  const port = args.number('port', { min: 1, max: 65_535 }) ?? DEFAULT_TLS_PORT
  const names = args.list('name')
  const enrolPort = args.number('enrol-port', { min: 1, max: 65_535 })
  const sourcePort = args.number('source-port', { min: 1, max: 65_535 })
  const folder = await openBrokerFolder({
    directory,
    port,
    host: args.text('host') ?? '127.0.0.1',
    names: names.length > 0 ? names : ['localhost'],
    devices: args.list('device'),
    enrols: args.list('enrols'),
    ...given({ enrolPort, sourcePort }),
  })
  for (const id of args.list('bar')) await folder.authority.bar(id)
  const url = `mqtts://${names[0] ?? 'localhost'}:${port}`
  const sourceUrl = sourcePort === undefined ? url : `mqtts://localhost:${sourcePort}`
  announce(io, { url, sourceUrl }, directory, folder)
  if (!args.has('prepare')) await runMosquitto(folder.configFile, io.stop)
  return 0
}

export const broker: Verb = {
  name: 'broker',
  summary: 'run a broker: a small one for the bench, or mosquitto with TLS',
  help: `  province broker [--port N] [--host H]
  province broker --mosquitto --dir D [--device PP/CCCCC/ID]... [--bar ID]...
                  [--enrols PP/CCCCC/ID]... [--enrol-port N]
                  [--source-port N] [--name HOST]... [--port N] [--host H]
                  [--prepare]

Without --mosquitto: an MQTT 3.1.1 broker in memory, open to everybody who
reaches it; devices set \`mqtt.protocol: 4\`. For the bench and the demo.
  --port N    default 1883; 0 takes a free one
  --host H    default 127.0.0.1

With --mosquitto: Debian's mosquitto as a province runs it. Everybody shows a
certificate of a private authority, its name is user and client id, and the ACL
lets a device have its own topics and the documents of its areas, no more. All
of it is made in D and kept; docs/examples/mosquitto is what it is made from.
  --device P  a device to make a certificate for, like 75/26068/d-7k2m4q9x
  --enrols P  a device that gets its certificate with a code (province enrol)
  --enrol-port N  where devices without a certificate may ask for one
  --source-port N  on 127.0.0.1, where several programs may be the source system
              at once (on the others a second one throws the first out)
  --bar ID    a device that is not let in any more (a stolen card)
  --name HOST by which devices reach the broker (default localhost); the first
              time decides, the certificate of the broker is made then
  --port N    default 8883
  --host H    listen there (default 127.0.0.1; 0.0.0.0 for all)
  --prepare   make the files and leave it at that`,
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    mosquitto: { type: 'boolean' },
    dir: { type: 'string' },
    device: { type: 'string', multiple: true },
    bar: { type: 'string', multiple: true },
    enrols: { type: 'string', multiple: true },
    'enrol-port': { type: 'string' },
    'source-port': { type: 'string' },
    name: { type: 'string', multiple: true },
    prepare: { type: 'boolean' },
  },
  run: (args, io) => {
    if (args.has('mosquitto')) return mosquitto(args, io)
    if (args.has('prepare')) throw new LoaError('USAGE', '--prepare goes with --mosquitto')
    return embedded(args, io)
  },
}
