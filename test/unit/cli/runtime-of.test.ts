import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { runtimeOf } from '../../../agent/cli/runtime-of.ts'

const rest = 'device: { id: d-1 }\n'

describe('paths.runtime of a configuration', () => {
  test.each([
    'paths:\n  runtime: /srv/run\n',
    'paths:\n  # where\n  state: /a\n\n  runtime: "/srv/run"   # here\nlog: {}\n',
    "paths:\n    runtime: '/srv/run'",
    'paths: { state: /a, runtime: /srv/run }\n',
    'paths: {runtime: "/srv/run"} # where\n',
  ])('is read without a reader of YAML, and is what that would say: %j', (text) => {
    const whole = `${rest}${text}`
    expect(runtimeOf(whole)).toBe('/srv/run')
    expect((parse(whole) as { paths: { runtime: string } }).paths.runtime).toBe('/srv/run')
  })

  test.each([
    'paths: { runtime: [] }\n',
    'paths: { state: /a }\n# runtime: /srv/run\n',
    'paths:\n  state: /a\nother:\n  runtime: /srv/run\n',
    'paths:\n  runtime: /srv/run\n  runtime: /other\n',
    'paths:\n  runtime: &x /srv/run\n',
    'paths:\n  runtime: "/srv/\\x72un"\n',
    'paths:\n  # runtime: /srv/run\n  state: /a\n',
    'paths: { state: "/a, runtime: /srv/run" , log: x }\n',
    'paths: |\n  runtime: /srv/run\n',
    'paths:\n  runtime: srv/run\n',
    'other: |\n  paths: { runtime: /srv/run }\npaths: { state: /a }\n',
  ])('is left to a reader of YAML where it is not said plainly: %j', (text) => {
    expect(runtimeOf(`${rest}${text}`)).toBeUndefined()
  })
})
