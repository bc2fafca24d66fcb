import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Agent } from '../rig/agent.ts'
import { eventually } from '../rig/eventually.ts'
import { freePort } from '../rig/mosquitto.ts'
import { ask, opened } from '../rig/page-bench.ts'

const LONG = 60_000
const TOKEN = '0123456789abcdef0123456789abcdef'

test(
  'an agent shows what it knows to a browser that has the token, and ends though it looks',
  async () => {
    const port = await freePort()
    await using agent = new Agent()
    const tokenFile = join(agent.paths.folder, 'token')
    writeFileSync(tokenFile, `${TOKEN}\n`)
    chmodSync(tokenFile, 0o644)
    agent.configure({ config: { page: { listen: `127.0.0.1:${port}`, tokenFile } } })
    await agent.start()
    const check = await agent.loa('config', 'check', agent.paths.config, '--json')
    expect(JSON.parse(check.stdout)).toMatchObject({ valid: true, warnings: [{ path: 'page.tokenFile' }] })
    const headers = { Authorization: `Bearer ${TOKEN}` }
    const page = await eventually('the page is served', () =>
      ask(port, '/', { headers }).catch(() => undefined),
    )
    expect(page.status).toBe(200)
    expect(page.body).toContain('Máy vẫn phát được nhưng có lỗi; đang chờ giờ phát.')
    expect(page.body).toContain('ĐANG TẮT kiểm tra chữ ký')
    expect(page.body).toContain('Bảng gate đang tối')
    expect((await ask(port, '/')).body).not.toContain('d-7k2m4q9x')
    const looking = await opened(port)
    looking.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    expect(await agent.stop()).toEqual({ code: 0, signal: null })
  },
  LONG,
)
