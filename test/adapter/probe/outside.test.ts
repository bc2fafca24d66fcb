import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lookOutside } from '../../../agent/adapters/probe/outside.ts'
import type { OutsideTargets } from '../../../agent/core/doctor/outside.ts'
import {
  type Authority,
  type Certificate,
  openAuthority,
} from '../../../scripts/source-system/mosquitto/authority.ts'
import { freePort } from '../../rig/mosquitto.ts'

const opened: { close(): unknown }[] = []
afterEach(() => {
  for (const each of opened.splice(0)) each.close()
})

const listening = async (server: Server): Promise<number> => {
  opened.push(server)
  server.on('connection', (socket) => socket.on('error', () => undefined).unref())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const WITHIN_MS = 1500
const look = (targets: Partial<OutsideTargets>, timePort?: number) =>
  lookOutside(
    { brokers: [], content: [], timeServers: [], ...targets },
    { withinMs: WITHIN_MS, now: () => Date.now(), ...(timePort === undefined ? {} : { timePort }) },
  )

const folder = mkdtempSync(join(tmpdir(), 'loa-probe-'))
let authority: Authority
beforeAll(async () => {
  authority = await openAuthority(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

const secured = ({ cert, key }: Certificate, options = {}): Promise<number> =>
  listening(
    createTlsServer(
      { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(authority.ca), ...options },
      () => undefined,
    ),
  )

describe('what a broker shows is told (real TLS on 127.0.0.1)', () => {
  test('a sound certificate with its end, also when the broker wants one of ours', async () => {
    const certificate = await authority.server('sound', ['localhost'])
    const port = await secured(certificate, { requestCert: true, rejectUnauthorized: true })
    const { brokers, names } = await look({ brokers: [`mqtts://localhost:${port}`], ca: authority.ca })
    expect(brokers).toMatchObject([{ state: 'open', validTo: expect.stringMatching(/^20\d\d-.*Z$/) }])
    expect(names).toEqual([{ host: 'localhost', answer: 'found' }])
  })

  test('an expired one with its date', async () => {
    const port = await secured(await authority.server('ended', ['localhost'], { ended: true }))
    const { brokers } = await look({ brokers: [`mqtts://localhost:${port}`], ca: authority.ca })
    expect(brokers).toMatchObject([{ state: 'expired', validTo: '2024-01-02T00:00:00.000Z' }])
  })

  test('its date also where the authority is one that only the agent may read', async () => {
    const sound = await secured(await authority.server('sound', ['localhost']))
    const ended = await secured(await authority.server('ended', ['localhost'], { ended: true }))
    const urls = [`mqtts://localhost:${sound}`, `mqtts://localhost:${ended}`]
    const states = async (ca?: string) =>
      (await look({ brokers: urls, ...(ca === undefined ? {} : { ca }) })).brokers.map(({ state }) => state)
    expect(await states('credential:ca')).toEqual(['open', 'expired'])
    expect(await states()).toEqual(['untrusted', 'expired'])
  })

  test('one for another name, one of an authority that nobody named, and an authority that is no file', async () => {
    const port = await secured(await authority.server('sound', ['localhost']))
    const url = `mqtts://127.0.0.1:${port}`
    expect((await look({ brokers: [url], ca: authority.ca })).brokers).toMatchObject([
      { state: 'other-name' },
    ])
    expect((await look({ brokers: [`mqtts://localhost:${port}`] })).brokers).toMatchObject([
      { state: 'untrusted' },
    ])
    expect((await look({ brokers: [url], ca: '/nowhere.pem' })).brokers).toMatchObject([
      { state: 'authority', detail: expect.stringContaining('ENOENT') },
    ])
  })

  test('a port without TLS, and one where nobody listens', async () => {
    const plain = await listening(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    const brokers = [`mqtts://127.0.0.1:${plain}`, `mqtt://127.0.0.1:${await freePort()}`]
    expect((await look({ brokers })).brokers.map(({ state }) => state)).toEqual(['no-tls', 'refused'])
  })
})

test('a content server is reached whatever it answers, and its clock is read (real HTTP)', async () => {
  const date = new Date(Date.now() - 86_400_000).toUTCString()
  const server = createHttpServer((_request, response) => response.writeHead(404, { date }).end())
  const port = await listening(server)
  const { hosts, times } = await look({
    content: [`http://127.0.0.1:${port}/a/`, `http://127.0.0.1:${port}/b/`],
  })
  expect(hosts).toEqual([{ url: `http://127.0.0.1:${port}`, state: 'open' }])
  expect(times).toHaveLength(1)
  expect((times[0]?.aheadMs ?? 0) / 86_400_000).toBeCloseTo(1, 2)
})

test.each([
  ['is believed', 0x24, 1, 1],
  ['that is not synchronised itself is not', 0xe4, 0, 0],
])('a time server %s (its packets are faked)', async (_, head, stratum, told) => {
  const socket = createSocket('udp4')
  opened.push(socket)
  socket.on('message', (_question, { port, address }) => {
    const packet = Buffer.alloc(48)
    packet[0] = head
    packet[1] = stratum
    packet.writeUInt32BE(Math.round(Date.now() / 1000) + 2_208_988_800 + 3600, 40)
    socket.send(packet, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { times } = await look({ timeServers: ['127.0.0.1'] }, socket.address().port)
  expect(times).toHaveLength(told)
  if (told > 0) expect((times[0]?.aheadMs ?? 0) / 3_600_000).toBeCloseTo(-1, 2)
})

test('what hangs, hangs at the same time and not for long (real servers that say nothing)', async () => {
  const silent = await listening(createTcpServer(() => undefined))
  const deaf = createSocket('udp4')
  opened.push(deaf)
  deaf.bind(0, '127.0.0.1')
  await once(deaf, 'listening')
  const begun = performance.now()
  const { brokers, hosts, times } = await look(
    {
      brokers: [`mqtts://127.0.0.1:${silent}`, `mqtts://localhost:${silent}`],
      content: [`https://127.0.0.1:${silent}/`, `http://localhost:${silent}/`],
      timeServers: ['127.0.0.1', '127.0.0.2'],
    },
    deaf.address().port,
  )
  expect(performance.now() - begun).toBeLessThan(2 * WITHIN_MS)
  expect(brokers.map(({ state }) => state)).toEqual(['timeout', 'timeout'])
  // To be reached over HTTP is to take a connection.
  expect(hosts.map(({ state }) => state)).toEqual(['timeout', 'open'])
  expect(times).toEqual([])
})
