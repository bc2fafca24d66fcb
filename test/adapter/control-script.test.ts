import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const PROJECT = join(import.meta.dirname, '../..')
/** Stands in for either program and says how it was started. */
const TELLER = `console.log(JSON.stringify({ pid: process.pid, flags: process.execArgv, args: process.argv.slice(2), program: import.meta.filename }))`

type Told = {
  readonly pid: number
  readonly flags: readonly string[]
  readonly args: readonly string[]
  readonly program: string
}

let checkout = ''
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'loa checkout '))
  for (const folder of ['scripts', 'dist/agent', 'dist/loa'])
    mkdirSync(join(checkout, folder), { recursive: true })
  copyFileSync(join(PROJECT, 'scripts/loa'), join(checkout, 'scripts/loa'))
  symlinkSync(join(PROJECT, 'node_modules'), join(checkout, 'node_modules'))
  writeFileSync(join(checkout, 'package.json'), '{"type":"module"}')
  writeFileSync(join(checkout, 'dist/agent/main.js'), TELLER)
  writeFileSync(join(checkout, 'dist/loa/main.js'), TELLER)
})
afterEach(() => rmSync(checkout, { recursive: true }))

const start = async (argv: readonly string[], script = join(checkout, 'scripts/loa')) => {
  const child = spawn(script, argv, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err, pid: child.pid }
}
const told = async (argv: readonly string[], script?: string) => {
  const { out, pid } = await start(argv, script)
  return { ...(JSON.parse(out) as Told), started: pid }
}

describe('scripts/loa', () => {
  test.each([
    [['run'], []],
    [
      ['run', '--config', 'a b.yaml'],
      ['--config', 'a b.yaml'],
    ],
    [
      ['--config', 'run', 'run'],
      ['--config', 'run'],
    ],
  ])('%j becomes the agent itself, with a small heap', async (argv, args) => {
    const agent = await told(argv)
    expect(agent.program).toBe(join(checkout, 'dist/agent/main.js'))
    expect(agent.pid).toBe(agent.started)
    expect(agent.args).toEqual(args)
    expect(agent.flags).toEqual(
      expect.arrayContaining([
        '--max-semi-space-size=1',
        '--max-old-space-size=64',
        '--disable-proto=delete',
      ]),
    )
  })

  test.each([
    [['status', '--json']],
    [['--json', '--config', 'x', 'log', '--since', '2h']],
    [['play', 'run', '--volume', '5']],
    [['--help']],
    [[]],
  ])('%j goes to the command as it is', async (argv) => {
    const command = await told(argv)
    expect(command.program).toBe(join(checkout, 'dist/loa/main.js'))
    expect(command.args).toEqual(argv)
  })

  test('shows the help of run instead of running', async () => {
    const command = await told(['run', '--help'])
    expect(command.program).toBe(join(checkout, 'dist/loa/main.js'))
    expect(command.args.toSorted()).toEqual(['--help', 'run'])
  })

  test('works through a symbolic link, from any directory', async () => {
    symlinkSync(join(checkout, 'scripts/loa'), join(checkout, 'link'))
    expect((await told(['version'], join(checkout, 'link'))).args).toEqual(['version'])
  })

  test.each(['dist', 'node_modules'])('says what to run when %s is missing', async (missing) => {
    rmSync(join(checkout, missing), { recursive: true })
    const { code, out, err } = await start(['status'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('scripts/setup')
  })
})
