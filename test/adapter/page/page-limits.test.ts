import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createPace, createTries } from '../../../agent/adapters/page/pace.ts'
import { createStatusPage } from '../../../agent/page/page.ts'
import type { Logger } from '../../../agent/ports/logger.ts'
import { viewOf } from '../../fakes/page-view.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { eventually } from '../../rig/eventually.ts'
import { ask, closed, opened, PageBench } from '../../rig/page-bench.ts'

const bench = new PageBench()
afterEach(() => bench[Symbol.asyncDispose]())
const serve: PageBench['serve'] = (options) => bench.serve(options)

describe('the limits of the status page', () => {
  test('forgets wrong tokens after a minute, and remembers so many addresses only', () => {
    let now = 0
    const tries = createTries(() => now)
    for (let n = 0; n < 5; n += 1) tries.wrong('a')
    expect(tries.mustWait('a')).toBe(true)
    now = 60_000
    expect(tries.mustWait('a')).toBe(false)
    for (let n = 0; n < 5; n += 1) tries.wrong('a')
    for (let n = 0; n < 64; n += 1) tries.wrong(`other ${n}`)
    expect(tries.mustWait('a')).toBe(false)
  })

  test('drops whoever asks more often than eight browsers would', () => {
    let now = 0
    const pace = createPace(3, 100, () => now)
    expect([pace(), pace(), pace(), pace()]).toEqual([true, true, true, false])
    now = 100
    expect([pace(), pace()]).toEqual([true, false])
  })

  test('lets go of clients that send nothing, or byte by byte', async () => {
    const { port } = await serve({ patienceMs: 300 })
    const silent = await opened(port)
    const slow = await opened(port)
    slow.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    const drip = setInterval(() => slow.write('X'), 20)
    const begun = performance.now()
    await Promise.all([closed(silent), closed(slow)])
    clearInterval(drip)
    expect(performance.now() - begun).toBeLessThan(5000)
    expect((await ask(port, '/')).status).toBe(200)
  })

  test('lets go of clients that do not read their answer', async () => {
    const large = 'x'.repeat(20_000_000)
    const page = createStatusPage(() => viewOf())
    const load = () => Promise.resolve({ ...page, page: () => Promise.resolve(large) })
    const { port } = await serve({ patienceMs: 1500, load })
    for (let n = 0; n < 8; n += 1) {
      const socket = await opened(port)
      socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
    }
    await expect(ask(port, '/parts')).rejects.toThrow()
    const { status } = await eventually('there is room again', () =>
      ask(port, '/parts').catch(() => undefined),
    )
    expect(status).toBe(200)
  })

  test('refuses headers of more than eight kilobytes and a ninth connection', async () => {
    const { port } = await serve()
    expect((await ask(port, '/', { headers: { 'X-Long': 'x'.repeat(9000) } })).status).toBe(431)
    const held = await Promise.all(Array.from({ length: 8 }, () => opened(port)))
    const ninth = await opened(port)
    await closed(ninth)
    for (const socket of held) socket.destroy()
    await eventually('there is room again', () => ask(port, '/').catch(() => undefined))
  })

  test('waits for an address that another program has, telling it once', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const taken = other.address()
    if (taken === null || typeof taken === 'string') throw new Error('no port')
    const told: string[] = []
    const logger: Logger = { ...silentLogger, warn: (_fields, message) => told.push(message) }
    const server = bench.open({ listen: { address: '127.0.0.1', port: taken.port }, logger, retryMs: 20 })
    await eventually('it was told', () => told[0])
    expect(server.fault).toMatch(/EADDRINUSE/)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await new Promise((resolve) => other.close(resolve))
    expect(await eventually('it is served', () => server.port)).toBe(taken.port)
    expect(server.fault).toBeUndefined()
    expect(told).toEqual(['the status page cannot be served; trying again'])
  })

  test('is gone at once when it is to end, whoever is still there', async () => {
    const { server, port } = await serve()
    const socket = await opened(port)
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    const begun = performance.now()
    await server[Symbol.asyncDispose]()
    await closed(socket)
    expect(performance.now() - begun).toBeLessThan(1000)
    await expect(ask(port, '/')).rejects.toThrow()
  })
})
