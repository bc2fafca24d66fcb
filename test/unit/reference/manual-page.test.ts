import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { isVerb, VERBS } from '../../../agent/cli/syntax.ts'

const page = (path: string): string =>
  fileURLToPath(new URL(`../../../docs/reference/man/${path}`, import.meta.url))

describe.each(['man1/loa.1', 'vi/man1/loa.1'])('the manual page %s', (path) => {
  const { stdout, stderr } = spawnSync('groff', ['-K', 'utf8', '-T', 'utf8', '-man', '-ww', page(path)], {
    encoding: 'utf8',
  })
  // Overstrikes and colours of a terminal.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told
  const read = stdout.replaceAll(/\x1b\[[0-9;]*m|.\x08/g, '')

  test('is roff without a warning', () => {
    expect(stderr).toBe('')
    expect(read).toContain('LOA(1)')
  })

  test('tells of every verb with its examples', () => {
    for (const verb of Object.keys(VERBS).filter(isVerb)) {
      expect(read).toContain(`loa ${verb} - `)
      for (const example of VERBS[verb].examples) expect(read).toContain(example)
    }
  })
})
