import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const SECRETS: Readonly<Record<string, RegExp>> = {
  'private key (PEM)': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // Ed25519 and the curves: 32 bytes and more; RSA far more.
  'private key (JWK)': /["']?\bd["']?\s*:\s*["'][A-Za-z0-9_-]{40,}["']/,
  'token of a forge or cloud': /\b(?:gh[pos]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}|AKIA[A-Z0-9]{16})\b/,
  'password in a URL': /\b(?:mqtts?|https?):\/\/[^\s/:@"'`${}<>]+:[^\s/@"'`${}<>]+@/,
}

/** What is in version control, or would be with the next commit. Fails outside a checkout: nothing was looked at then. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((name) => name !== '')

/** Tests try made-up passwords in URLs. */
const searched = (name: string): readonly (readonly [string, RegExp])[] =>
  Object.entries(SECRETS).filter(([what]) => !(name.startsWith('test/') && what === 'password in a URL'))

const found = (name: string, text: string): readonly string[] =>
  searched(name)
    .filter(([, pattern]) => pattern.test(text))
    .map(([what]) => `${name}: ${what}`)

const textOf = (name: string): string => {
  try {
    return readFileSync(join(ROOT, name), 'latin1')
  } catch {
    // Deleted, and not committed yet.
    return ''
  }
}

describe('T20 the repository', () => {
  test('holds no secret in any file', () => {
    expect(files.length).toBeGreaterThan(300)
    expect(files.flatMap((name) => found(name, textOf(name)))).toEqual([])
  })

  test.each([
    `-----BEGIN ${'PRIVATE'} KEY-----`,
    `-----BEGIN EC ${'PRIVATE'} KEY-----`,
    `{"kty":"OKP","${'d'}":"${'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'}"}`,
    `mqtts://d-1:${'secret'}@broker`,
    `ghp_${'a'.repeat(36)}`,
  ])('is looked through by a search that finds %s', (text) => {
    expect(found('x', text)).toHaveLength(1)
  })
})
