import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../fakes/until.ts'

const MODULE = join(import.meta.dirname, '../../agent/cli/hidden-line.ts')
const PROGRAM = `import(${JSON.stringify(MODULE)}).then(async ({ hiddenLine }) => {
  const line = hiddenLine(new AbortController().signal)
  console.log('Password:')
  const typed = await line
  console.log(typed === undefined ? 'left' : 'letters ' + typed.length)
})`

/** What a terminal shows (script(1)) while a hidden line is asked for and this is typed. */
const shownFor = async (keys: string): Promise<string> => {
  const command = `'${process.execPath}' -e "$PROGRAM"`
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    // biome-ignore lint/style/noProcessEnv: the child finds its programs by it
    env: { ...process.env, PROGRAM, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let shown = ''
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8')
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await until('the question', () => shown.includes('Password:'))
  child.stdin.write(keys)
  await ended
  return shown
}

test('a password does not appear on the terminal, and can be mended while it is typed', async () => {
  const shown = await shownFor('bi-matx\u007f\r')
  expect(shown).toContain('letters 6')
  expect(shown).not.toContain('bi-mat')
})

test('Ctrl-C leaves the question', async () => expect(await shownFor('bi\u0003')).toContain('left'))
