import { execFile } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { makePackage } from './bench.ts'

const folder = mkdtempSync(join(tmpdir(), 'loa-release-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

const release = async (
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly said: string }> => {
  try {
    const { stdout } = await promisify(execFile)('scripts/release', args)
    return { code: 0, said: stdout }
  } catch (thrown) {
    const { code, stderr } = thrown as { code: number; stderr: string }
    return { code, said: stderr }
  }
}

test('scripts/release makes a key, signs packages and checks what was signed', async () => {
  const made = await release('key', 'maker-2026', '--out', at('k.jwk'))
  expect(statSync(at('k.jwk')).mode & 0o777).toBe(0o600)
  writeFileSync(at('agent.yaml'), made.said)
  const packages = ['amd64', 'arm64'].map((Architecture) =>
    makePackage({ version: '1.2.0', declared: { Architecture } }),
  )
  const url = 'https://content.example/r/'
  const signing = ['sign', '--key', at('k.jwk'), '--url', url, '--note', 'vi=Sửa lỗi', '--out', folder]
  const { code, said } = await release(...signing, ...packages)
  expect(code).toBe(0)
  const [document = '', , loa = ''] = said.trim().split('\n')
  const check = (file: string) => release('check', file, '--keys', at('agent.yaml'))
  const [judged, whole] = await Promise.all([check(document), check(loa)])
  expect(judged.said).toMatch(/^release 1\.2\.0, until .*: amd64 \(\d+ bytes\), arm64/)
  expect(whole.said).toContain('holds the package for arm64')
  const payload = Buffer.from(readFileSync(document, 'utf8').split('.')[1] ?? '', 'base64url').toString()
  expect(JSON.parse(payload)).toMatchObject({ notes: { vi: 'Sửa lỗi' }, files: [{ arch: 'amd64' }, {}] })
  expect(payload).toContain('"https://content.example/r/')

  appendFileSync(loa, 'x')
  writeFileSync(at('other.yaml'), 'update: { keys: [] }\n')
  const [longer, unknown] = await Promise.all([
    check(loa),
    release('check', document, '--keys', at('other.yaml')),
  ])
  expect(longer).toMatchObject({ code: 1, said: expect.stringContaining('not signed') })
  expect(unknown).toMatchObject({ code: 1, said: expect.stringContaining('update.keys') })
})

test.each([
  [[], 0, 'release sign'],
  [['sine'], 2, 'no verb sine'],
  [['sign', '--key', 'x.jwk', '--out', '/nowhere'], 2, 'give the packages'],
  [['key', '../x', '--out', '/nowhere/x'], 2, 'no key id'],
  [['check', '/nowhere', '--keys', '/nowhere'], 1, '/nowhere'],
])('scripts/release %j says what is wrong', async (args, code, words) => {
  expect(await release(...args)).toEqual({ code, said: expect.stringContaining(words) })
})
