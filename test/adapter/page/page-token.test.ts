import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readToken } from '../../../agent/adapters/page/token.ts'

const TOKEN = '0123456789abcdef0123456789abcdef'

describe('the file of the token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-token-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const written = (text: string): string => {
    const path = join(folder, 'token')
    writeFileSync(path, text)
    return path
  }

  test('holds one line of sixteen letters and digits or more', async () => {
    expect(await readToken(written(`${TOKEN}\n`), undefined)).toBe(TOKEN)
    for (const text of [
      '',
      'short',
      'two words of a token',
      `${TOKEN}\n${TOKEN}\n`,
      'x'.repeat(300),
      'x'.repeat(5000),
    ])
      await expect(readToken(written(text), undefined), text.slice(0, 40)).rejects.toThrow(
        'openssl rand -hex 16',
      )
  })

  test('is named when it is not there, or systemd did not hand it over', async () => {
    await expect(readToken('/no/such/token', undefined)).rejects.toThrow('/no/such/token')
    await expect(readToken('credential:page', undefined)).rejects.toThrow('LoadCredential=')
  })
})
