import { afterEach, describe, expect, test } from 'vitest'
import { languageOf } from '../../../agent/adapters/page/answer.ts'
import { isOwnHost } from '../../../agent/adapters/page/host.ts'
import { createStatusPage } from '../../../agent/page/page.ts'
import { ask, PageBench } from '../../rig/page-bench.ts'

const TOKEN = '0123456789abcdef0123456789abcdef'

const bench = new PageBench()
afterEach(() => bench[Symbol.asyncDispose]())
const serve: PageBench['serve'] = (options) => bench.serve(options)

describe('the server of the status page', () => {
  test('gives the page and its parts, with headers that let nothing run but its own script', async () => {
    const { port } = await serve()
    const page = await ask(port, '/')
    expect(page.status).toBe(200)
    expect(page.body).toContain('Máy chạy tốt')
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    })
    const policy = page.headers['content-security-policy'] ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+='; style-src 'sha256-[^']+=';/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const parts = await ask(port, '/parts?lang=en')
    expect(parts.body).toMatch(/^<div id="live">[\s\S]*The device is well/)
  })

  test('answers GET and HEAD only, takes no body, and has nothing else', async () => {
    const { port } = await serve()
    const head = await ask(port, '/', { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, body: '' })
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1000)
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])
      expect((await ask(port, '/', { method })).status, method).toBe(405)
    expect((await ask(port, '/', { body: 'x', headers: { 'Content-Length': '1' } })).status).toBe(405)
    for (const path of [
      '/nothing',
      '/..%2f..%2fetc/passwd',
      '/parts/',
      '//127.0.0.1/',
      `/${'x'.repeat(2000)}`,
    ])
      expect((await ask(port, path)).status, path).toBe(404)
  })

  test('speaks the language that is asked for, else that of the browser, else Vietnamese', async () => {
    const language = (query: string, accepted?: string) => languageOf(new URLSearchParams(query), accepted)
    expect(language('lang=en', 'vi')).toBe('en')
    expect(language('lang=fr', 'fr-FR,en-GB;q=0.8,vi;q=0.7')).toBe('en')
    expect(language('', 'fr')).toBe('vi')
    const { port } = await serve()
    const { body } = await ask(port, '/', { headers: { 'Accept-Language': 'en' } })
    expect(body).toContain('<html lang="en">')
  })

  test('is told by its address alone, whatever a name server says', async () => {
    const { port } = await serve()
    for (const Host of ['localhost:9999', '127.0.0.1', `[::1]:${port}`])
      expect((await ask(port, '/', { headers: { Host } })).status, Host).toBe(200)
    for (const Host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:80',
      'a@127.0.0.1',
      '192.168.1.20',
    ])
      expect((await ask(port, '/', { headers: { Host } })).status, Host).toBe(421)
    expect(isOwnHost('192.168.1.20:8080', '::ffff:192.168.1.20')).toBe(true)
    expect(isOwnHost('[fd00:0::7]:8080', 'fd00::7')).toBe(true)
    expect(isOwnHost('localhost:8080', '192.168.1.20')).toBe(false)
    expect(isOwnHost(undefined, '127.0.0.1')).toBe(false)
  })

  test('shows nothing of the device without the token', async () => {
    const { port } = await serve({ token: TOKEN })
    for (const path of ['/', '/parts', '/nothing', '/?entered=1']) {
      const { body } = await ask(port, path)
      expect(body, path).not.toContain('d-7k2m4q9x')
    }
    const wanted = await ask(port, '/')
    expect(wanted).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    expect(wanted.body).toContain('Cần mã truy cập')
    expect((await ask(port, '/', { headers: { Authorization: `Bearer ${TOKEN}` } })).status).toBe(200)
    expect((await ask(port, '/', { headers: { Authorization: 'Bearer x' } })).status).toBe(401)
    expect((await ask(port, '/', { headers: { Cookie: `loa-page=${TOKEN}` } })).status).toBe(401)
  })

  test('changes the token of a link into a cookie at once, so that it stays nowhere', async () => {
    const { port } = await serve({ token: TOKEN })
    const link = await ask(port, `/?lang=en&token=${TOKEN}`)
    expect(link).toMatchObject({ status: 303, body: '', headers: { location: '/?lang=en&entered=1' } })
    const [set = ''] = link.headers['set-cookie'] ?? []
    expect(set).toMatch(/^loa-page=[\w-]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/)
    expect(set).not.toContain(TOKEN)
    const Cookie = `other=1; ${set.split(';')[0]}`
    expect(await ask(port, '/?lang=en&entered=1', { headers: { Cookie } })).toMatchObject({
      status: 303,
      headers: { location: '/?lang=en' },
    })
    expect((await ask(port, '/', { headers: { Cookie } })).body).toContain('d-7k2m4q9x')
    // Whoever came from another site: the browser holds the cookie back until the page itself goes on.
    const without = await ask(port, '/?lang=en&entered=1')
    expect(without).toMatchObject({ status: 200 })
    expect(without.body).toContain('<meta http-equiv="refresh" content="0;url=/?lang=en">')
    const { port: later } = await serve({ token: TOKEN })
    expect((await ask(later, '/', { headers: { Cookie } })).status).toBe(200)
    const { port: changed } = await serve({ token: `${TOKEN}0` })
    expect((await ask(changed, '/', { headers: { Cookie } })).status).toBe(401)
  })

  test('makes whoever gives five wrong tokens wait, even with the right one, and nobody who has the cookie', async () => {
    const { port } = await serve({ token: TOKEN })
    const [set = ''] = (await ask(port, `/?token=${TOKEN}`)).headers['set-cookie'] ?? []
    for (let n = 0; n < 5; n += 1) expect((await ask(port, '/?token=wrong')).status).toBe(401)
    expect(await ask(port, `/?token=${TOKEN}`)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60' },
    })
    expect((await ask(port, '/', { headers: { Cookie: set.split(';')[0] ?? '' } })).status).toBe(200)
  })

  test('goes on when the page itself fails, and says so', async () => {
    const page = createStatusPage(() => {
      throw new Error('no view')
    })
    const { port } = await serve({ load: () => Promise.resolve(page) })
    expect((await ask(port, '/')).status).toBe(500)
    expect((await ask(port, '/nothing')).status).toBe(404)
  })
})
