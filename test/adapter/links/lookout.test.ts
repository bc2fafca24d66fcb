import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createLookout } from '../../../agent/adapters/http/lookout.ts'

const opened: { close(): unknown }[] = []
afterEach(() => {
  for (const each of opened.splice(0)) each.close()
})
const portOf = (thing: Server | Socket): number => {
  const address = thing.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const still = new AbortController().signal

/** A page, or what stands in its place. */
const serve = async (status: number, body: string, headers: Record<string, string> = {}): Promise<string> => {
  const server = createServer((_request, response) => response.writeHead(status, headers).end(body))
  opened.push({ close: () => server.close().closeAllConnections() })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${portOf(server)}/generate`
}

/** A name server that answers every question with a code, or with an address, or not at all. */
const answerNames = async (answer: 'address' | 'no such name' | 'failure' | 'silence'): Promise<string> => {
  const socket = createSocket('udp4')
  opened.push(socket)
  socket.on('message', (question, { port, address }) => {
    if (answer === 'silence') return
    const code = { address: 0, 'no such name': 3, failure: 2 }[answer]
    const found = answer === 'address'
    const head = Buffer.from(question.subarray(0, 12))
    head.writeUInt16BE(0x8180 | code, 2)
    head.writeUInt16BE(found ? 1 : 0, 6)
    head.fill(0, 8, 12)
    const end = question.indexOf(0, 12) + 5
    const record = Buffer.from('c00c00010001000000100004c0000207', 'hex')
    socket.send(Buffer.concat([head, question.subarray(12, end), ...(found ? [record] : [])]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return `127.0.0.1:${portOf(socket)}`
}

const names = (nameServers: readonly string[], hosts = ['broker-a.example']) =>
  createLookout({ hosts, nameServers, nameWithinMs: 300 }).look(still)

test.each([
  ['address', 'answers'],
  ['no such name', 'answers'],
  ['failure', 'silent'],
  ['silence', 'silent'],
] as const)('a name server that answers with %s %s', async (answer, told) => {
  expect(await names([await answerNames(answer)])).toEqual({ names: told })
})

test('a name server that is not there is silent, one of several that answers is enough', async () => {
  const dead = await answerNames('silence')
  opened.splice(0).forEach((each) => void each.close())
  expect(await names([dead])).toEqual({ names: 'silent' })
  expect(await names([dead, await answerNames('address')])).toEqual({ names: 'answers' })
})

test('no name server is asked where brokers are known by their addresses', async () => {
  expect(await names(['127.0.0.1:1'], ['10.0.0.1', '::1', 'localhost'])).toEqual({})
})

test('whoever stops does not wait for a name server or a page that are silent', async () => {
  const mute = createTcpServer()
  opened.push(mute)
  mute.listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const address = mute.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const stop = new AbortController()
  const looking = createLookout({
    hosts: ['broker-a.example'],
    nameServers: [await answerNames('silence')],
    page: { url: `http://127.0.0.1:${port}/` },
  }).look(stop.signal)
  const begun = performance.now()
  stop.abort()
  await looking
  expect(performance.now() - begun).toBeLessThan(1500)
})

const page = (url: string, answer?: string) =>
  createLookout({ hosts: [], page: { url, ...(answer === undefined ? {} : { answer }) } }).look(still)

test('a page that is exactly as it should be is right', async () => {
  expect(await page(await serve(204, ''))).toMatchObject({ page: { found: 'right' } })
  expect(await page(await serve(200, 'loa ok'), 'loa ok')).toMatchObject({ page: { found: 'right' } })
})

test.each([
  [
    'a redirect',
    302,
    '',
    { location: `http://login.example/${'x'.repeat(300)}` },
    'leads to http://login.example/',
  ],
  ['a login page', 200, '<html>Log in</html>', {}, 'answers 200 instead of 204'],
  ['a demand', 511, '', {}, 'answers 511 instead of 204'],
] as const)('%s in its place is something else', async (_what, status, body, headers, words) => {
  const { page: told } = await page(await serve(status, body, headers))
  expect(told).toEqual({ found: 'other', message: expect.stringContaining(words) })
  expect(told?.message.length).toBeLessThan(200)
})

test.each(['loa ok\n', 'LOA OK', '', 'x'.repeat(100_000)])(
  'another text than the right one is something else',
  async (body) => {
    expect(await page(await serve(200, body), 'loa ok')).toMatchObject({
      page: { found: 'other', message: expect.stringContaining('another text') },
    })
  },
)

test('where nobody listens there is nothing', async () => {
  const server = createTcpServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  server.close()
  await once(server, 'close')
  expect(await page(`http://127.0.0.1:${port}/`)).toEqual({
    page: { found: 'nothing', message: expect.stringContaining('ECONNREFUSED') },
  })
})
