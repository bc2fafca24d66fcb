import { openBroker } from '../broker.ts'
import { untilStopped, type Verb } from '../verb.ts'

export const broker: Verb = {
  name: 'broker',
  summary: 'run a small broker, for the bench',
  help: `  province broker [--port N] [--host H]

An MQTT 3.1.1 broker in memory, open to everybody who reaches it: devices set
\`mqtt.protocol: 4\`. For the bench and the demo; a province runs mosquitto or
the like with TLS and ACLs.
  --port N    default 1883; 0 takes a free one
  --host H    default 127.0.0.1`,
  options: { port: { type: 'string' }, host: { type: 'string' } },
  run: async (args, io) => {
    const host = args.text('host')
    await using running = await openBroker({
      port: args.number('port', { min: 0, max: 65_535 }) ?? 1883,
      ...(host === undefined ? {} : { host }),
    })
    io.out(io.json ? JSON.stringify({ url: running.url }) : `broker on ${running.url} (protocol 4)`)
    await untilStopped(io)
    return 0
  },
}
