import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactText, redactUrl } from '../../../agent/core/bundle/redact.ts'

const SECRET = 'bi-mat-7Q'
/** In pieces: no file of the repository holds such a line. */
const pem = (which: string, of = ''): string => `-----${which} ${of}PRIVATE KEY-----`

describe('what looks like a secret does not stay', () => {
  test.each([
    `https://ten:${SECRET}@content.example/c/a.mp3`,
    `https://content.example/c/a.mp3?token=${SECRET}`,
    `https://content.example/#${SECRET}`,
    `rtsp://${SECRET}@10.0.0.1:554/live`,
    `mqtts://ten:a@b:${SECRET}@broker`,
    `{"password":"${SECRET}"}`,
    `{"password": "a\\"${SECRET}"}`,
    JSON.stringify({ msg: JSON.stringify({ password: SECRET }) }),
    JSON.stringify({ msg: JSON.stringify({ inner: JSON.stringify({ secret: SECRET }) }) }),
    `password: ${SECRET}`,
    `password='${SECRET}'`,
    `api_key=${SECRET};x`,
    `Authorization: Bearer ${SECRET}${SECRET}`,
    `${pem('BEGIN')}\n${SECRET}\n${pem('END')}`,
    `${pem('BEGIN', 'EC ')}\\n${SECRET}`,
  ])('%s', (text) => {
    expect(redactText(`before ${text} after`)).not.toContain(SECRET)
  })
})

test.each([
  'https://content.example/c/a.mp3',
  'the password file mqtt.passwordFile: /etc/loa/mqtt-password',
  '{"key":"/etc/loa/tls/key.pem","passwordFile":"/etc/loa/p","token":null}',
  'rootKeys: [{ kid: root-a }]',
])('%s stays', (text) => {
  expect(redactText(text)).toBe(text)
})

test('JSON stays JSON, a number included', () => {
  const text = JSON.stringify({
    token: 12345,
    password: 'x',
    url: 'https://a:b@c/d?e',
    deep: [{ secret: 'y' }],
  })
  expect(JSON.parse(redactText(text))).toEqual({
    token: '[redacted]',
    password: '[redacted]',
    url: 'https://[redacted]@c/d?[redacted]',
    deep: [{ secret: '[redacted]' }],
  })
})

const urls = fc
  .tuple(
    fc.constantFrom('', 'ten@', 'ten:a%40b@'),
    fc.stringMatching(/^(\/[a-z0-9@:.]{0,8}){0,3}$/),
    fc.stringMatching(/^([?#][a-z@/?#=]{0,12})?$/),
  )
  .map(([whom, path, behind]) => `https://${whom}content.example:8443${path}${behind}`)

test('a URL keeps its host and its path', () => {
  fc.assert(
    fc.property(urls, (text) => {
      const [before, after] = [URL.parse(text), URL.parse(redactUrl(text))]
      expect([after?.host, after?.pathname]).toEqual([before?.host, before?.pathname])
    }),
  )
})

test('a long word costs no more than its length', () => {
  const begun = performance.now()
  redactText(`"${'a'.repeat(500_000)}"`)
  // The square of it would take minutes.
  expect(performance.now() - begun).toBeLessThan(5000)
})
