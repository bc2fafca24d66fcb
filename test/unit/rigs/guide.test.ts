import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blocksOf, notShown } from '../../../scripts/rigs/parts/guide.ts'

const ROOT = join(import.meta.dirname, '../../..')
const guide = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8')
const [english, vietnamese] = [guide('install.md'), guide('cai-dat.md')]
const headings = (text: string): readonly string[] =>
  [...text.matchAll(/^## (\d+)\./gm)].map(([, number = '']) => number)
const rows = (text: string): number => [...text.matchAll(/^\|/gm)].length
const targets = (text: string): readonly string[] =>
  [...text.matchAll(/\]\((boards\/[^)]+)\)/g)].map(([, target = '']) => target)

describe('the installation guide', () => {
  test('has the same commands in both languages, in the same order', () => {
    const commands = (text: string): readonly unknown[] =>
      blocksOf(text).map(({ code, mark }) => [code, mark?.kind === 'run' ? mark : mark?.kind])
    expect(commands(english).length).toBeGreaterThan(8)
    expect(commands(vietnamese)).toEqual(commands(english))
  })

  test('has the same sections, tables and pictures in both languages', () => {
    expect(headings(vietnamese)).toEqual(headings(english))
    expect(rows(vietnamese)).toBe(rows(english))
    expect(targets(vietnamese)).toEqual(targets(english))
  })

  test('shows as much of what is printed in one language as in the other', () => {
    const lines = (text: string): readonly number[] => blocksOf(text).map(({ shows }) => shows.length)
    expect(lines(vietnamese)).toEqual(lines(english))
  })

  test.each([
    ['install.md', english],
    ['cai-dat.md', vietnamese],
  ])(
    '%s says of each block of shell whether a rig types it, and shows nothing that none compares',
    (_, text) => {
      expect(blocksOf(text).filter(({ mark }) => mark === undefined)).toEqual([])
      expect(blocksOf(text)).toHaveLength([...text.matchAll(/^```bash$/gm)].length)
      const shown = blocksOf(text).filter(({ shows }) => shows.length > 0)
      expect(shown).toHaveLength([...text.matchAll(/^```text$/gm)].length)
    },
  )
})

describe('blocks of a guide', () => {
  test('are told apart by the comment before them', () => {
    const text = [
      '<!-- run -->',
      '```bash',
      'loa version',
      '```',
      '',
      '<!-- shows -->',
      '```text',
      'loa-agent …',
      '```',
      '<!-- by hand: no card here -->',
      '```bash',
      'dd',
      '```',
      '<!-- run, exit 0 or 1 -->',
      '```bash',
      'loa doctor',
      '```',
      '<!-- run, it asks -->',
      '```bash',
      'loa setup',
      '```',
      '```bash',
      'lost',
      '```',
    ].join('\n')
    expect(blocksOf(text)).toEqual([
      {
        mark: { kind: 'run', exits: [0], asks: false },
        code: 'loa version\n',
        shows: ['loa-agent …'],
        line: 1,
      },
      { mark: { kind: 'by-hand', why: 'no card here' }, code: 'dd\n', shows: [], line: 10 },
      { mark: { kind: 'run', exits: [0, 1], asks: false }, code: 'loa doctor\n', shows: [], line: 14 },
      { mark: { kind: 'run', exits: [0], asks: true }, code: 'loa setup\n', shows: [], line: 18 },
      { mark: undefined, code: 'lost\n', shows: [], line: 22 },
    ])
  })

  test('are printed as they are shown when each line comes, in its order, whatever is between', () => {
    const printed = 'first\n  main: on (2 s)\nnoise\nlast\n'
    expect(notShown(['first', 'main: on …', 'last'], printed)).toBeUndefined()
    expect(notShown(['last', 'first'], printed)).toBe('first')
    expect(notShown(['main: on'], printed)).toBe('main: on')
  })
})
