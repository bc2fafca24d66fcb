import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadAgentConfig } from '../../agent/adapters/config/agent-config.ts'
import { loadBoard } from '../../agent/adapters/config/board-files.ts'
import { COMMON_OPTIONS, isVerb, syntaxOf } from '../../agent/cli/syntax.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8')

const blocks = (text: string): readonly { readonly language: string; readonly code: string }[] =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code,
  }))

/** Spans of code and lines of shell blocks. */
const codeOf = (text: string): readonly string[] => [
  ...blocks(text)
    .filter(({ language }) => language === 'bash')
    .flatMap(({ code }) => code.split('\n')),
  ...[...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
]

const PATH = /(?<![\w/.-])(?:scripts|docs|agent|drivers|board-configs|systemd|test|\.ci)\/[\w./-]*[\w/]/g

describe.each(PAGES)('%s', (page) => {
  const text = textOf(page)

  test('names only paths that are there', () => {
    const named = [...text.matchAll(PATH)].map(([path]) => path)
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('links only to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, target = '']) => target)
    const local = links.filter((target) => !/^https?:/.test(target))
    expect(local.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([])
  })

  test('shows only loa verbs and options that work, but for what it says is not yet there', () => {
    const [before = '', after = ''] = text.split('## Not yet\n')
    const today = `${before}${after.slice(Math.max(0, after.indexOf('\n## ')))}`
    const calls = codeOf(today).flatMap((code) =>
      [...code.matchAll(/(?:^|[\s/])loa ([a-z]+)((?: [^#|&;]*)?)/g)].map(([, verb = '', rest = '']) => ({
        verb,
        rest,
      })),
    )
    const wrong = calls.flatMap(({ verb, rest }) => {
      if (!isVerb(verb)) return [`loa ${verb}`]
      const taken = [...syntaxOf(verb).options, ...COMMON_OPTIONS].map((name) => `--${name}`)
      const given = [...rest.matchAll(/--[a-z]+(?:-[a-z]+)*/g)].map(([option]) => option)
      return given.filter((option) => !taken.includes(option)).map((option) => `loa ${verb} ${option}`)
    })
    expect(wrong).toEqual([])
  })
})

describe('docs/degradation.md', () => {
  const rows = [...textOf('docs/degradation.md').matchAll(/^\| (.+) \|$/gm)]
    .map(([, row = '']) => row.split(' | '))
    .slice(1)

  test('has every rung of the ladder', () => {
    expect(rows.map(([rung]) => rung)).toEqual([
      'broker gone',
      'DNS gone',
      'another link, or none',
      'login page, dead line',
      'modem gone, SIM locked, ModemManager hangs',
      'monthly data nearly used',
      'HTTP gone',
      'clock unset',
      'disk full',
      'read-only disk',
      'state.db damaged',
      'media.db damaged',
      'no sound device',
      'device lost while playing',
      'nothing to hear with',
      'GPIO line busy',
      'contact gone or its line busy',
      'contact trembles',
      'sound card or adapter unplugged',
      'sign unplugged',
      'playout killed',
      'agent dead, sign lit',
      'decoder hung',
      'memory pressure',
      'sensor broken',
    ])
  })

  test.each(rows.map((row): [string, readonly string[]] => [row[0] ?? '', row]))(
    'names tests that are there for %s',
    (_, row) => {
      expect(row).toHaveLength(5)
      const named = [...(row[4] ?? '').matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, path = '']) => path)
      expect(named).not.toEqual([])
      expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    },
  )
})

describe('README.md', () => {
  const readme = textOf('README.md')
  const yaml = blocks(readme)
    .filter(({ language }) => language === 'yaml')
    .map(({ code }) => code)
  const [agentYaml = '', boardYaml = ''] = yaml
  const folder = mkdtempSync(join(tmpdir(), 'loa-docs-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const written = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  /** Keys of one half of the generated table. */
  const keys = (half: number): readonly string[] =>
    [
      ...(textOf('docs/reference/configuration.md').split('## Board files')[half] ?? '').matchAll(
        /^\| `([^`]+)`/gm,
      ),
    ].map(
      ([, key = '']) =>
        key
          .replaceAll(/\[\]|\([^)]*\)/g, '')
          .split('.')
          .at(-1) ?? '',
    )

  test('shows an agent.yaml and a board file that are valid', () => {
    expect(loadAgentConfig(written('agent.yaml', agentYaml)).device.id).toBe('d-7k2m4q9x')
    expect(loadBoard(written('board.yaml', boardYaml), folder).amplifiers).toHaveLength(1)
  })

  test.each([
    ['agent.yaml', agentYaml, 0],
    ['a board file', boardYaml, 1],
  ])('names every key of %s', (_, shown, half) => {
    const known = new Set(keys(half))
    expect(known.size).toBeGreaterThan(10)
    // Virtual drivers have a sentence; sign drivers, looks, contacts and what is rare of amplifiers a page of their own.
    const pages = [
      'sign-drivers',
      'sign-controllers',
      'signs',
      'contacts',
      'amplifiers',
      'links',
      'usb',
      'sensors',
      'hearing',
      'status-page',
      'moving',
      'setup',
      'updates',
    ].map((name) => `docs/${name}.md`)
    const named = shown + pages.map(textOf).join('')
    const later = new Set(['trace', 'file'])
    expect([...known].filter((key) => !later.has(key) && !new RegExp(`\\b${key}\\b`).test(named))).toEqual([])
  })
})

describe('SECURITY.md', () => {
  const security = textOf('SECURITY.md')
  const cellsOf = (row: string): readonly string[] => row.split('|').map((cell) => cell.trim())
  const pathsIn = (cell = ''): readonly string[] =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
  const threats = [...security.matchAll(/^\| T(\d+) \|.*$/gm)].map(([row, number = '']) => {
    const cells = cellsOf(row)
    return { name: `T${number.padStart(2, '0')}`, controls: pathsIn(cells[4]), tests: pathsIn(cells[5]) }
  })
  /** Files with a suite, or a test, that carries the number. */
  const holders = (name: string): readonly string[] => {
    const carries = new RegExp(
      `^\\s*(?:describe|test|it)(?:\\.\\w+(?:\\(!?\\w+\\))?)*\\(\\s*'(?:T\\d\\d )*${name} `,
      'm',
    )
    return globSync('test/**/*.test.ts', { cwd: ROOT }).filter((file) => carries.test(textOf(file)))
  }

  test('names every threat once, with a control and a test but for what is open', () => {
    expect(threats.map(({ name }) => name)).toEqual(
      Array.from({ length: 25 }, (_, n) => `T${String(n + 1).padStart(2, '0')}`),
    )
    expect(threats.filter(({ tests }) => tests.length === 0).map(({ name }) => name)).toEqual([])
    expect(threats.filter(({ controls }) => controls.length === 0).map(({ name }) => name)).toEqual([])
  })

  test.each(threats.map((threat) => [threat.name, threat] as const))(
    '%s is held by a test of its name in each file that is given for it',
    (name, { tests }) => {
      const carrying = holders(name)
      expect(tests.filter((file) => !carrying.includes(file))).toEqual([])
      expect(tests.length > 0 || carrying.length === 0).toBe(true)
    },
  )

  test('speaks of every heading of EN 303 645, with files that are there', () => {
    const rows = [...security.matchAll(/^\| 5\.(\d+) .*$/gm)]
    expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 13 }, (_, n) => n + 1))
    const files = rows.flatMap(([row]) => pathsIn(cellsOf(row)[3]))
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })
})
