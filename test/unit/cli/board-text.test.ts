import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import { vi } from '../../../agent/cli/messages/vi.ts'
import { runCommand } from '../../../agent/cli/run.ts'
import { displayWidth } from '../../../agent/cli/text/width.ts'
import { fakeIo } from '../../fakes/cli-io.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loa-machine-'))
  mkdirSync(join(root, 'proc/device-tree'), { recursive: true })
  writeFileSync(join(root, 'proc/device-tree/model'), 'Raspberry Pi 4 Model B Rev 1.5\0')
  writeFileSync(join(root, 'bad.yaml'), `name: x\naudio: { driver: alsa, device: d }\nmodels: 3\n`)
})
afterEach(() => rmSync(root, { recursive: true }))

const call = async (...argv: string[]) => {
  const edge = fakeIo({ root })
  return { code: await runCommand(argv, edge.io), out: edge.out(), err: edge.err() }
}

describe('what needs no agent, for people', () => {
  test.each(
    ['en', 'vi'].flatMap(
      (language) =>
        [
          [0, ['board', 'list', '--lang', language]],
          [0, ['board', 'detect', '--lang', language]],
          [1, ['board', 'check', 'rpi-4b-relay-hat', '--lang', language]],
          [1, ['board', 'check', 'rpi-5', '--lang', language]],
          [0, ['board', 'check', 'virtual', '--lang', language]],
          [0, ['version', '--lang', language]],
        ] as const,
    ),
  )('exits %i for %j, within 80 columns', async (expected, argv) => {
    const { code, out, err } = await call(...argv)
    expect({ code, err }).toEqual({ code: expected, err: '' })
    for (const line of out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80)
  })

  test('each failed check is followed by what to do', async () => {
    const { out } = await call('board', 'check', 'rpi-5')
    expect(out).toMatch(/^FAIL {2}this machine is Raspberry Pi 4 Model B Rev 1.5, the file is for/m)
    expect(out).toContain('      -> choose another: loa board detect')
  })

  test('each fault of a file is told with its line', async () => {
    const { code, out } = await call('board', 'check', join(root, 'bad.yaml'))
    expect(code).toBe(2)
    expect(out).toMatch(/^ {2}3:9 models: /m)
  })

  test('the version is that of the package', async () => {
    expect((await call('version')).out).toMatch(/^loa-agent \d+\.\d+\.\d+ \(Node \d+\./)
  })
})

/** Every sentence that is made from parts, by its path. */
const sentences = (value: unknown, path = ''): [string, (...parts: unknown[]) => unknown][] => {
  if (typeof value === 'function') return [[path, value as (...parts: unknown[]) => unknown]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => sentences(member, `${path}.${key}`))
}

describe('sentences made from parts', () => {
  const english = new Map(sentences(en))
  const parts = ['<one>', '<two>', '<three>', '<four>']

  test.each(sentences(vi))('%s names the same parts in both languages', (path, say) => {
    const named = (text: unknown): string[] => parts.filter((part) => String(text).includes(part))
    const said = String(say(...parts))
    expect(said).not.toContain('undefined')
    expect(named(said)).toEqual(named(english.get(path)?.(...parts)))
  })
})
