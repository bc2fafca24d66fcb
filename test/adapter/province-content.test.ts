import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseRange } from '../../scripts/source-system/byte-range.ts'
import { type ContentServer, openContentServer } from '../../scripts/source-system/content-server.ts'
import type { Misbehaviour } from '../../scripts/source-system/send-body.ts'

const body = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))
const hash = createHash('sha256').update(body).digest('hex')

let folder = ''
let server: ContentServer
let wrong: Misbehaviour | undefined

beforeEach(async () => {
  wrong = undefined
  folder = mkdtempSync(join(tmpdir(), 'loa-content-'))
  mkdirSync(join(folder, 'content'))
  writeFileSync(join(folder, 'content', 'tin tức.mp3'), body)
  writeFileSync(join(folder, 'secret'), 'not for you')
  server = await openContentServer({ directory: join(folder, 'content'), misbehave: () => wrong })
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const get = (headers: Record<string, string> = {}, method = 'GET') =>
  fetch(server.urlOf(hash), { method, headers, redirect: 'manual' })
const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer())

describe('the content server', () => {
  test('serves a file under its hash and under its name', async () => {
    const byHash = await get()
    expect(byHash.status).toBe(200)
    expect(byHash.headers.get('etag')).toBe(`"${hash}"`)
    expect(byHash.headers.get('content-type')).toBe('audio/mpeg')
    expect((await bytes(byHash)).equals(body)).toBe(true)
    const byName = await fetch(`${server.origin}/${encodeURIComponent('tin tức.mp3')}`)
    expect((await bytes(byName)).equals(body)).toBe(true)
  })

  test('HEAD tells the length and sends nothing', async () => {
    const response = await get({}, 'HEAD')
    expect(response.headers.get('content-length')).toBe('100000')
    expect(await bytes(response)).toHaveLength(0)
  })

  test('sends the part that was asked for', async () => {
    const response = await get({ range: 'bytes=99000-' })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe('bytes 99000-99999/100000')
    expect((await bytes(response)).equals(body.subarray(99_000))).toBe(true)
  })

  test('a range past the end is 416 with the length', async () => {
    const response = await get({ range: 'bytes=100000-' })
    expect(response.status).toBe(416)
    expect(response.headers.get('content-range')).toBe('bytes */100000')
  })

  test('If-Range with another file gives the whole', async () => {
    expect((await get({ range: 'bytes=5-', 'if-range': '"old"' })).status).toBe(200)
    expect((await get({ range: 'bytes=5-', 'if-range': `"${hash}"` })).status).toBe(206)
  })

  test('a file added later is found, one that is gone is not', async () => {
    const late = Buffer.from('late')
    const url = server.urlOf(createHash('sha256').update(late).digest('hex'))
    expect((await fetch(url)).status).toBe(404)
    writeFileSync(join(folder, 'content', 'late.ogg'), late)
    expect(await (await fetch(url)).text()).toBe('late')
    rmSync(join(folder, 'content', 'late.ogg'))
    expect((await fetch(url)).status).toBe(404)
  })

  test.each(['/../secret', '/%2e%2e%2fsecret', '/..%2Fsecret', '/%00', '/%', '/c/../../secret'])(
    '%s leads nowhere',
    async (path) => {
      const status = await new Promise((resolve, reject) => {
        request({ port: server.port, host: '127.0.0.1', path }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
          .once('error', reject)
          .end()
      })
      expect(status).toBe(404)
    },
  )

  test('notes each request with its range and status', async () => {
    await get({ range: 'bytes=0-9' })
    await get()
    expect(server.requests.map(({ range, status, method }) => [method, range, status])).toEqual([
      ['GET', 'bytes=0-9', 206],
      ['GET', undefined, 200],
    ])
  })
})

describe('a content server told to misbehave', () => {
  test('ignores ranges', async () => {
    wrong = { ignoreRange: true }
    const response = await get({ range: 'bytes=99000-' })
    expect(response.status).toBe(200)
    expect(await bytes(response)).toHaveLength(100_000)
  })

  test('cuts the connection after so many bytes', async () => {
    wrong = { truncateAfter: 40_000 }
    const response = await get()
    expect(response.headers.get('content-length')).toBe('100000')
    let got = 0
    const read = async () => {
      for await (const chunk of response.body ?? []) got += chunk.length
    }
    await expect(read()).rejects.toThrow()
    expect(got).toBe(40_000)
  })

  test('sends wrong bytes of the right length', async () => {
    wrong = { wrongBytes: true }
    const got = await bytes(await get())
    expect(got).toHaveLength(100_000)
    expect(got.subarray(1).equals(body.subarray(1))).toBe(true)
    expect(got[0]).not.toBe(body[0])
  })

  test('redirects, and fails with a status', async () => {
    wrong = { redirectTo: 'http://elsewhere.example/x' }
    const response = await get()
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://elsewhere.example/x'])
    wrong = { status: 503 }
    expect((await get()).status).toBe(503)
  })

  test('sends slowly', async () => {
    wrong = { bytesPerSecond: 400_000 }
    const before = performance.now()
    expect(await bytes(await get())).toHaveLength(100_000)
    expect(performance.now() - before).toBeGreaterThan(200)
  })
})

test.each([
  [undefined, 'whole'],
  ['bytes=0-0', { first: 0, last: 0 }],
  ['bytes=5-', { first: 5, last: 9 }],
  ['bytes=5-100', { first: 5, last: 9 }],
  ['bytes=-3', { first: 7, last: 9 }],
  ['bytes=-30', { first: 0, last: 9 }],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=5-4', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=0-1,3-4', 'whole'],
  ['lines=0-1', 'whole'],
])('Range %s of ten bytes is %j', (header, expected) => {
  expect(parseRange(header, 10)).toEqual(expected)
})
