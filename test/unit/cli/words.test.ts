import { describe, expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import { vi } from '../../../agent/cli/messages/vi.ts'
import { languageOf, parse } from '../../../agent/cli/parse.ts'
import { runCommand } from '../../../agent/cli/run.ts'
import { isVerb, syntaxOf, VERBS } from '../../../agent/cli/syntax.ts'
import { displayWidth } from '../../../agent/cli/text/width.ts'
import { nodeFault } from '../../../agent/core/node-version.ts'
import { fakeIo } from '../../fakes/cli-io.ts'

const verbs = Object.keys(VERBS).filter(isVerb)

/** Every path of a catalogue with what stands there. */
const leaves = (value: unknown, path = ''): [string, unknown][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, member]) => leaves(member, `${path}.${key}`))
    : [[path, value]]

const call = async (...argv: string[]) => {
  const edge = fakeIo()
  const code = await runCommand(argv, edge.io)
  return { code, out: edge.out(), err: edge.err() }
}

describe('the catalogues', () => {
  test('say the same things in both languages', () => {
    expect(leaves(vi).map(([path]) => path)).toEqual(leaves(en).map(([path]) => path))
  })

  test('leave nothing empty', () => {
    const empty = [...leaves(en), ...leaves(vi)].filter(([, words]) => words === '')
    expect(empty).toEqual([])
  })

  test('are translated: no sentence stands in both', () => {
    const english = new Map(leaves(en))
    const same = leaves(vi).filter(
      ([path, words]) => typeof words === 'string' && words === english.get(path),
    )
    expect(same.map(([path]) => path)).toEqual(['.version.node'])
  })

  test.each(verbs)('have words for each example of %s', (verb) => {
    const { length } = syntaxOf(verb).examples
    expect([en.verbs[verb].examples.length, vi.verbs[verb].examples.length]).toEqual([length, length])
  })
})

describe('help', () => {
  test.each(['en', 'vi'].flatMap((language) => ['', ...verbs].map((verb) => [language, verb] as const)))(
    'in %s on "%s" fits 80 columns',
    async (language, verb) => {
      const { code, out, err } = await call('help', ...(verb === '' ? [] : [verb]), '--lang', language)
      expect({ code, err }).toEqual({ code: 0, err: '' })
      for (const line of out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80)
    },
  )

  test('lists what works and nothing else', async () => {
    const { out } = await call('help')
    for (const verb of verbs) expect(out).toMatch(new RegExp(`^ {2}${verb} `, 'm'))
  })

  test('comes by --help on a verb too', async () => {
    expect((await call('play', '--help')).out).toBe((await call('help', 'play')).out)
  })

  test('is one JSON value with --json', async () => {
    const list: unknown = JSON.parse((await call('help', '--json')).out)
    expect(list).toHaveLength(verbs.length)
  })
})

describe('wrong usage exits 2, says what to do next and prints nothing else', () => {
  test.each([
    [[], 'say what to do'],
    [['dance'], 'there is no verb "dance"'],
    [['update'], 'say which file (.loa) to take'],
    [['status', '--nope'], 'there is no option --nope'],
    [['status', '--days', '3'], '"loa status" takes no --days'],
    [['status', 'now'], '"now" is too much'],
    [['schedule', '--days'], '--days needs a value'],
    [['schedule', '--days', '0'], '--days must be a number from 1 to 35'],
    [['schedule', '--days', '1.5'], '--days must be a number from 1 to 35'],
    [['schedule', '--json=yes'], '--json takes no value'],
    [['log', '--since', 'yesterday'], '--since must be 30m'],
    [['log', '--since', '2026-11-22'], '--since must be 30m'],
    [['play'], 'say what to play'],
    [['play', '--tone', '5'], '--tone must be a number from 20 to 20000'],
    [['play', '--tone', '440', 'a.mp3'], 'say what to play'],
    [['play', '/nowhere/a.mp3'], '/nowhere/a.mp3 cannot be read'],
    [['play', 'package.json'], 'not a sound file'],
    [['amp', 'main'], 'say on or off'],
    [['amp', 'on', '../x'], 'say on or off'],
    [['amp', 'on', 'main', '--seconds', 'x'], '--seconds must be a number'],
    [['config'], 'loa config check'],
    [['board', 'paint'], 'say list, detect'],
    [['status', '--lang', 'fr'], '--lang must be vi or en'],
    [['run'], 'loa run --config FILE'],
  ])('%j', async (argv, words) => {
    const { code, out, err } = await call(...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(words)
    expect(err).toMatch(/\nSee: loa help/)
    expect(err).not.toMatch(/^\s+at /m)
  })

  test('in Vietnamese when asked', async () => {
    expect((await call('dance', '--lang', 'vi')).err).toContain('không có lệnh')
  })
})

describe('the language', () => {
  test.each([
    [{}, 'en'],
    [{ LANG: 'vi_VN.UTF-8' }, 'vi'],
    [{ LANG: 'vi' }, 'vi'],
    [{ LANG: 'vi_VN.UTF-8', LC_ALL: 'C' }, 'en'],
    [{ LANG: 'C', LC_MESSAGES: 'vi_VN' }, 'vi'],
    [{ LANG: 'vi_VN', LC_ALL: '' }, 'vi'],
    [{ LANG: 'vim' }, 'en'],
  ])('of %j is %s', (env, language) => expect(languageOf(env)).toBe(language))
})

describe('the words of a call', () => {
  test('may have common options before the verb', () => {
    expect(parse(['--json', '--config', 'f.yaml', 'amp', 'on', 'main'], en)).toEqual({
      verb: 'amp',
      words: ['on', 'main'],
      options: { json: true, config: 'f.yaml' },
    })
  })
})

describe('an old Node', () => {
  test.each(['18.19.0', '20.19.5', '22.13.1'])('%s is told so', (version) => {
    expect(nodeFault(version)).toContain(`Node ${version} is too old: 22.14 or newer`)
  })
  test.each(['22.14.0', '24.21.0', '100.0.0'])('%s is taken', (version) => {
    expect(nodeFault(version)).toBeUndefined()
  })
})
