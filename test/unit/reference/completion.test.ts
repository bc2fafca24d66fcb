import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../../../docs/reference/completion/', import.meta.url))
let here = ''
beforeAll(() => {
  here = mkdtempSync(join(tmpdir(), 'loa-completion-'))
  writeFileSync(join(here, 'thong bao.mp3'), '')
})
afterAll(() => rmSync(here, { recursive: true }))

/** What bash offers for the last word of a line. */
const offeredByBash = (...line: readonly string[]): readonly string[] => {
  const script = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _loa; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync(
    'bash',
    ['--norc', '-uc', script, join(folder, 'loa.bash'), 'loa', ...line],
    {
      cwd: here,
      encoding: 'utf8',
    },
  )
  expect(stderr).toBe('')
  return stdout.split('\n').filter((word) => word !== '')
}

/** What the function tells the completion system of zsh, which is stood in for here: an interactive shell is not. */
const toldToZsh = (...line: readonly string[]): readonly string[] => {
  const script = `
    fpath=($1 $fpath)
    autoload -U _loa
    _describe() { print -rl -- \${(P)2} }
    _arguments() { print -rl -- "$@" }
    words=("\${@:2}") CURRENT=$#words
    _loa`
  const { stdout, stderr } = spawnSync('zsh', ['-fc', script, 'zsh', folder, 'loa', ...line], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout.split('\n').filter((word) => word !== '')
}

describe('bash completes', () => {
  test('verbs', () => expect(offeredByBash('st')).toEqual(['status']))
  test('what follows a verb', () => expect(offeredByBash('amp', 'un')).toEqual(['unmute']))
  test('that once', () => expect(offeredByBash('amp', 'on', '')).toEqual([]))
  test('options of the verb alone', () => {
    expect(offeredByBash('log', '--f')).toEqual(['--follow'])
    expect(offeredByBash('media', '--f')).toEqual([])
  })
  test('words that an option takes', () =>
    expect(offeredByBash('play', '--class', 'e')).toEqual(['emergency']))
  test('groups of checks', () =>
    expect(offeredByBash('doctor', '--only', 's')).toEqual(['storage', 'subscriptions', 'sound', 'sign']))
  test('nothing that cannot be known', () => expect(offeredByBash('play', '--seconds', '')).toEqual([]))
  test('a verb behind options', () => expect(offeredByBash('--lang', 'vi', 'doc')).toEqual(['doctor']))
  test('files, with spaces in their names', () =>
    expect(offeredByBash('play', 'th')).toEqual(['thong bao.mp3']))
})

describe('zsh is told', () => {
  test('every verb with what it does', () =>
    expect(toldToZsh('')).toContain('doctor:what is wrong and what to do next'))
  test('what follows a verb', () => expect(toldToZsh('config', '')).toContain('1: :(check)'))
  test('options of the verb, with what they take', () => {
    expect(toldToZsh('log', '')).toContain('--follow[go on printing new records until Ctrl-C]')
    expect(toldToZsh('sign', '')).toContain('--mode[still, scroll or flip]:M:(still scroll flip)')
    expect(toldToZsh('media', '').join()).not.toContain('--follow')
  })
  test('files', () => expect(toldToZsh('play', '')).toContain('*: :_files'))
})
