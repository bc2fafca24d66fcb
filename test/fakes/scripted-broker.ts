import { createServer, type Socket } from 'node:net'

/** The high half of the first byte of a packet (MQTT 5.0, section 2.1.2). */
export const CONNECT = 1
export const PUBLISH = 3
export const SUBSCRIBE = 8
export const PINGREQ = 12

type Packet = {
  readonly type: number
  readonly bytes: Buffer
  readonly socket: Socket
  readonly connection: number
}

/** Its answer to a packet; undefined: what a broker that grants everything would say; empty: nothing. */
type Script = (packet: Packet) => Buffer | undefined

export type ScriptedBroker = AsyncDisposable & {
  readonly url: string
  /** Types of the packets that came, over all connections. */
  readonly received: readonly number[]
  readonly connections: () => number
  /** Says something of its own accord on the newest connection. */
  readonly say: (bytes: readonly number[] | Buffer) => void
}

/** Cuts a stream into packets; for lengths of up to two bytes, as the agent's own are in tests. */
function* packetsOf(bytes: Buffer): Generator<Buffer> {
  let at = 0
  while (at < bytes.length) {
    const low = bytes[at + 1] ?? 0
    const long = low >= 0x80
    const length = long ? (low & 0x7f) + (bytes[at + 2] ?? 0) * 128 : low
    const end = at + (long ? 3 : 2) + length
    yield bytes.subarray(at, end)
    at = end
  }
}

/** Where the body of a packet begins. */
export const bodyOf = (packet: Buffer): Buffer => packet.subarray((packet[1] ?? 0) >= 0x80 ? 3 : 2)

/** Packets of protocol 5, consent to everything. */
const consent = ({ type, bytes }: Packet): Buffer => {
  const body = bodyOf(bytes)
  if (type === CONNECT) return Buffer.from([0x20, 3, 0, 0, 0])
  if (type === PINGREQ) return Buffer.from([0xd0, 0])
  if (type === SUBSCRIBE)
    return suback(
      body,
      topicsIn(body).map(() => 1),
    )
  const qos = ((bytes[0] ?? 0) >> 1) & 3
  if (type !== PUBLISH || qos === 0) return Buffer.alloc(0)
  const id = 2 + body.readUInt16BE(0)
  return Buffer.from([0x40, 2, body[id] ?? 0, body[id + 1] ?? 0])
}

/** The topics of a SUBSCRIBE of protocol 5 without properties. */
export function topicsIn(body: Buffer): readonly string[] {
  const topics: string[] = []
  for (let at = 3; at < body.length; ) {
    const length = body.readUInt16BE(at)
    topics.push(body.subarray(at + 2, at + 2 + length).toString())
    at += 2 + length + 1
  }
  return topics
}

export const suback = (body: Buffer, codes: readonly number[]): Buffer =>
  Buffer.from([0x90, 3 + codes.length, body[0] ?? 0, body[1] ?? 0, 0, ...codes])

/** A broker for protocol 5 that misbehaves on purpose. */
export async function startScriptedBroker(script: Script): Promise<ScriptedBroker> {
  const sockets: Socket[] = []
  const received: number[] = []
  const server = createServer((socket) => {
    const connection = sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data: Buffer) => {
      for (const bytes of packetsOf(data)) {
        const packet = { type: (bytes[0] ?? 0) >> 4, bytes, socket, connection }
        received.push(packet.type)
        socket.write(script(packet) ?? consent(packet))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    url: `mqtt://127.0.0.1:${port}`,
    received,
    connections: () => sockets.length,
    say: (bytes) => sockets.at(-1)?.write(Buffer.from(bytes)),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
