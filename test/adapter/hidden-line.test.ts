import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../fakes/until.ts'

const CLI = join(import.meta.dirname, '../../agent/cli')
/** Asks for a hidden line, says what the terminal does with what is typed then, and asks for another, as a verb of `loa` does. */
const PROGRAM = `Promise.all(['hidden-line', 'line-reader'].map((name) => import('${CLI}/' + name + '.ts'))).then(
  async ([{ hiddenLine }, { createLineReader }]) => {
    const asked = new AbortController()
    process.once('SIGINT', () => asked.abort())
    const line = createLineReader(() => process.stdin)
    const io = { asks: true, line, out: (text) => process.stdout.write(text), signal: asked.signal }
    const hidden = hiddenLine(io)
    console.log('Password:')
    const typed = await hidden
    console.log(typed === undefined ? 'left' : 'letters ' + typed.length)
    require('node:child_process').spawnSync('stty', ['-a'], { stdio: 'inherit' })
    console.log('then ' + (await line(asked.signal)))
  },
)`

/** In place of the shell, which Ctrl-C would end. */
const COMMAND = `exec '${process.execPath}' -e "$PROGRAM"`

/** What a terminal shows (script(1)) while a hidden line is asked for and this is typed. */
const shownFor = async (keys: string): Promise<string> => {
  const child = spawn('script', ['--quiet', '--return', '--command', COMMAND, '/dev/null'], {
    // biome-ignore lint/style/noProcessEnv: the child finds its programs by it
    env: { ...process.env, PROGRAM, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let shown = ''
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8')
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await until('the question', () => shown.includes('Password:'))
  child.stdin.write(keys)
  await ended
  return shown
}

test('a password does not appear on the terminal, can be mended while it is typed, and eats nothing of what follows', async () => {
  const shown = await shownFor('bi-matx\u007f\rnext\r')
  expect(shown).toContain('letters 6')
  expect(shown).not.toContain('bi-mat')
  expect(shown).toContain('then next')
  expect(shown).toMatch(/(?<!-)\becho\b/)
})

test('Ctrl-C leaves the question, and what is typed appears again', async () => {
  const shown = await shownFor('bi\u0003')
  expect(shown).toContain('left')
  expect(shown).toMatch(/(?<!-)\becho\b/)
})
