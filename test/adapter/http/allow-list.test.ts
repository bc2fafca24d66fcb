import { describe, expect, it } from 'vitest'
import { createAllowList } from '../../../agent/adapters/http/allow-list.ts'

const allows = (prefixes: readonly string[], url: string): boolean =>
  createAllowList(prefixes)(url) !== undefined

describe('the allow-list', () => {
  const content = ['https://content.example/', 'http://10.0.0.5:8080/files', 'https://cdn.example/c/']

  it.each([
    'https://content.example/c/abc',
    'https://CONTENT.example:443/c/abc?token=1',
    'http://10.0.0.5:8080/files',
    'http://10.0.0.5:8080/files/a.mp3',
    'https://cdn.example/c/../c/x',
  ])('lets %s through', (url) => {
    expect(allows(content, url)).toBe(true)
  })

  it.each([
    'http://content.example/c/abc',
    'https://content.example:8443/c/abc',
    'https://content.example.evil/c',
    'https://content.example@evil.example/c',
    'https://user:pass@content.example/c',
    'https://evil.example/https://content.example/',
    'http://10.0.0.5:8080/files2/a.mp3',
    'http://10.0.0.5:8080/filesystem',
    'https://cdn.example/c/../d/x',
    'https://cdn.example/c/%2e%2e/d/x',
    'https://cdn.example/c/..%2fd/x',
    'https://cdn.example/c/..%5Cd/x',
    'https://cdn.example/c\\..\\d',
    'https://cdn.example/c/.../d',
    'https://cdn.example/c/x%00.mp3',
    'https://cdn.example/d',
    'file:///etc/shadow',
    'ftp://content.example/x',
    'data:audio/mpeg;base64,AAAA',
    '../../etc/shadow',
    '$(touch x)',
    '-i',
    '',
    'https://content。example．evil/',
  ])('passes over %s', (url) => {
    expect(allows(content, url)).toBe(false)
  })

  it('allows nothing when it is empty or holds no URL', () => {
    expect(allows([], 'https://content.example/')).toBe(false)
    expect(allows(['content.example', 'file:///'], 'https://content.example/')).toBe(false)
  })
})
