import { createSocket } from 'node:dgram'

const NTP_PORT = 123
const PACKET_BYTES = 48
/** Version 4, mode 3: client. @see RFC 4330, section 4 */
const CLIENT = 0x23
const SERVER_MODE = 4
const TRANSMIT_OFFSET = 40
const STRATUM_OFFSET = 1
/** Seconds from 1900 to 1970. */
const NTP_TO_UNIX = 2_208_988_800
const FRACTION = 2 ** 32

const timeIn = (packet: Buffer): number | undefined => {
  if (packet.length < PACKET_BYTES) return undefined
  const [head = 0] = packet
  // A server that is not synchronised itself says so: stratum 0, or leap indicator 3.
  const isSynced = packet.readUInt8(STRATUM_OFFSET) > 0 && head >> 6 !== 3
  if ((head & 7) !== SERVER_MODE || !isSynced) return undefined
  const seconds = packet.readUInt32BE(TRANSMIT_OFFSET) - NTP_TO_UNIX
  return Math.round((seconds + packet.readUInt32BE(TRANSMIT_OFFSET + 4) / FRACTION) * 1000)
}

/** What time a time server says it is; undefined when it says nothing in time. @see RFC 4330 */
export const askTime = (
  address: string,
  family: number,
  withinMs: number,
  port = NTP_PORT,
): Promise<number | undefined> =>
  new Promise((resolve) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    const done = (at: number | undefined): void => {
      clearTimeout(late)
      socket.close()
      resolve(at)
    }
    const late = setTimeout(() => done(undefined), withinMs)
    const packet = Buffer.alloc(PACKET_BYTES)
    packet[0] = CLIENT
    socket.once('error', () => done(undefined))
    socket.once('message', (answer) => done(timeIn(answer)))
    socket.connect(port, address, () => socket.send(packet))
  })
