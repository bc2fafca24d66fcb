import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFfmpegDecoder } from '../../../drivers/decoder/ffmpeg-decoder.ts'
import { createFfmpegProbe } from '../../../drivers/decoder/probe.ts'
import { type Jail, type JailLimits, NO_JAIL, openJail, tryJail } from '../../../drivers/jail/jail.ts'
import { createEspeakSpeech } from '../../../drivers/speech/espeak-speech.ts'
import { until } from '../../fakes/until.ts'
import { eventually } from '../../rig/eventually.ts'

/** Of x86_64 and aarch64. */
const NUMBERS = process.arch === 'arm64' ? ['prctl=167', 'prlimit=261'] : ['prctl=157', 'prlimit=302']
const LIMITS = { memoryMb: 128, cpuSeconds: 1 }
const DEADLINE_MS = 20_000

let folder = ''
let intruder = ''
let server: Server
let local: Server
let canary = ''
let hits = 0

const listening = (trap: Server, where: { port: number; host: string } | string): Promise<void> =>
  new Promise((resolve) => {
    if (typeof where === 'string') trap.listen(where, resolve)
    else trap.listen(where.port, where.host, resolve)
  })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loa-escape-'))
  intruder = join(folder, 'escape')
  canary = join(folder, 'canary')
  execFileSync('gcc', ['-O1', '-pthread', '-o', intruder, 'test/rig/escape.c'], { stdio: 'inherit' })
  const trap = (): Server =>
    createServer((socket) => {
      hits += 1
      socket.on('error', () => undefined)
      socket.destroy()
    })
  server = trap()
  local = trap()
  await listening(server, { port: 0, host: '127.0.0.1' })
  await listening(local, join(folder, 'control.sock'))
})
afterAll(() => {
  server.close()
  local.close()
  rmSync(folder, { recursive: true })
})

type End = { readonly out: string; readonly code: number | null; readonly signal: string | null }
const attempt = (jail: Jail, words: readonly string[], limits: JailLimits = LIMITS): Promise<End> => {
  const { command, argv } = jail.jailed(intruder, words, limits)
  const child = spawn(command, argv, { timeout: DEADLINE_MS, killSignal: 'SIGQUIT' })
  let out = ''
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString()
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end('sound')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ out, code, signal }))
  })
}

/** What a decoder that was taken over may try; it succeeds outside the jail. */
const ATTEMPTS: readonly (readonly [what: string, words: () => readonly string[]])[] = [
  ['read an account file', () => ['read', '/etc/passwd']],
  ['read a file of the agent', () => ['read', canary]],
  ['read what the kernel shows of a process', () => ['read', `/proc/${process.pid}/cmdline`]],
  ['read a device', () => ['read', '/dev/zero']],
  ['write a file', () => ['write', join(folder, 'written')]],
  ['connect to a server on loopback', () => ['tcp', port()]],
  ['send a datagram', () => ['udp', port()]],
  ['reach the control socket of the agent', () => ['unix', join(folder, 'control.sock')]],
  ['start a process', () => ['fork']],
  ['become a shell', () => ['exec', '/bin/sh']],
  ['signal another process', () => ['signal', String(process.pid)]],
  ['have the kernel signal another process', () => ['own', String(process.pid)]],
  ['be traced', () => ['ptrace']],
  ['take 256 MB where 128 are allowed', () => ['allocate', '256']],
  ['delete a file', () => ['delete', canary]],
]

const port = (): string => String((server.address() as AddressInfo).port)
const onThisMachine = openJail()

describe('T15 T16 a decoder that was taken over', () => {
  beforeEach(() => {
    hits = 0
    writeFileSync(canary, 'canary')
    rmSync(join(folder, 'written'), { force: true })
  })

  it('is in a jail that holds everything on this machine', () => {
    expect(onThisMachine.report).toEqual({ state: 'full', missing: [] })
  })

  it.each(ATTEMPTS)('outside the jail could %s', async (_what, words) => {
    expect(await attempt(NO_JAIL, words())).toMatchObject({ out: 'done\n', code: 0 })
  })

  it.each(ATTEMPTS)('cannot %s', async (_what, words) => {
    const { out, code, signal } = await attempt(onThisMachine, words())
    expect({ out, signal }).toEqual({ out: '', signal: null })
    expect(code).toBe(1)
    expect(hits).toBe(0)
    expect(existsSync(join(folder, 'written'))).toBe(false)
    expect(existsSync(canary)).toBe(true)
  })

  it('cannot take 2 GB with the memory of a decoder', async () => {
    const end = await attempt(onThisMachine, ['allocate', '2048'], { memoryMb: 256, cpuSeconds: 20 })
    expect(end).toMatchObject({ out: '', code: 1 })
  })

  it('that computes for ever is ended by the kernel', async () => {
    expect(await attempt(onThisMachine, ['spin'])).toMatchObject({ signal: 'SIGXCPU' })
  })

  it('may still read its input, compute in threads and answer', async () => {
    expect(await attempt(onThisMachine, ['work'])).toMatchObject({ out: 'done\n', code: 0 })
  })

  it('ends with the process that started it', async () => {
    const { command, argv } = onThisMachine.jailed(intruder, ['spin'], { memoryMb: 128, cpuSeconds: 60 })
    const held = argv.map((word) => (word === `parent=${process.pid}` ? 'parent=PID' : word))
    const parent = `const { spawn } = require('node:child_process')
      const child = spawn(${JSON.stringify(command)}, ${JSON.stringify(held)}.map((word) => word.replace('PID', process.pid)), { stdio: ['pipe', 'ignore', 'ignore'] })
      child.once('spawn', () => process.stdout.write(String(child.pid)))
      setInterval(() => undefined, 1000)`
    // It reads nothing, so a closed pipe does not tell it.
    const holder = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [pid] = (await once(holder.stdout, 'data')) as [Buffer]
    holder.kill('SIGKILL')
    await until('the decoder is gone', () => !existsSync(`/proc/${pid.toString()}`))
  })
})

/** Of the children of this process the one of that name, as the kernel shows it. */
const childCalled = (name: string): string | undefined =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/status`, 'utf8')
      } catch {
        // It has gone meanwhile.
        return ''
      }
    })
    .find((status) => status.includes(`Name:\t${name}\n`) && status.includes(`PPid:\t${process.pid}\n`))

const CONFINED = /NoNewPrivs:\t1\nSeccomp:\t2\n/

describe('T15 nothing is decoded or spoken outside the jail', () => {
  const never = new AbortController().signal

  it('not what playout decodes', async () => {
    const child = createFfmpegDecoder().spawn('mp3', 1)
    const status = await eventually('ffmpeg runs', () => childCalled('ffmpeg'))
    child.kill()
    await child.exited
    expect(status).toMatch(CONFINED)
  })

  it('not what is checked', async () => {
    const seen = Promise.withResolvers<void>()
    const fed = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('no sound')
      await seen.promise
    }
    const measuring = createFfmpegProbe(1).measure(fed(), 'mp3', 1, never)
    const status = await eventually('ffmpeg runs', () => childCalled('ffmpeg'))
    seen.resolve()
    await expect(measuring).rejects.toMatchObject({ code: 'BAD_MEDIA' })
    expect(status).toMatch(CONFINED)
  })

  it('not what is spoken', async () => {
    const speaking = createEspeakSpeech().render('Mời bà con dự họp. '.repeat(200), 'vi', never)
    const status = await eventually('espeak-ng runs', () => childCalled('espeak-ng'))
    expect(status).toMatch(CONFINED)
    expect((await speaking).length).toBeGreaterThan(100_000)
  })
})

describe('T15 where the kernel withholds less', () => {
  it('is told by trying, not by asking: a jail without a filter says that network and processes are open', () => {
    const said = execFileSync('/usr/bin/perl', ['scripts/jail', 'check=yes', ...NUMBERS, 'read=/usr/lib'])
    expect(said.toString().trim().split(' ')).toEqual(['files', 'limits'])
  })

  it('what it cannot hold is reported and left out, what it can is asked for', () => {
    const launcher = join(folder, 'launcher.pl')
    writeFileSync(launcher, 'print "network processes limits\\n"')
    const { report, jailed } = tryJail(launcher, 'arm64')
    expect(report).toEqual({ state: 'partial', missing: ['files'] })
    const { command, argv } = jailed('/bin/true', ['--version'], LIMITS)
    const kinds = argv.slice(1, argv.indexOf('--')).map((word) => word.split('=')[0])
    expect({ command, kinds: [...new Set(kinds)], last: argv.slice(-3) }).toEqual({
      command: '/usr/bin/perl',
      kinds: ['prctl', 'prlimit', 'parent', 'limit', 'filter'],
      last: ['--', '/bin/true', '--version'],
    })
  })

  it('a launcher that does not run holds nothing, and the program is started without a promise', () => {
    const { report, jailed } = tryJail(join(folder, 'missing.pl'), 'x64')
    expect(report).toEqual({ state: 'none', missing: ['files', 'network', 'processes', 'limits'] })
    expect(jailed('/bin/true', ['x'], LIMITS)).toEqual({ command: '/bin/true', argv: ['x'] })
  })

  it('a step that fails ends the start: nothing runs with less than was promised', async () => {
    const words = [...NUMBERS, 'filter=00', '--', '/bin/echo', 'free']
    const child = spawnSync('/usr/bin/perl', ['scripts/jail', ...words], { encoding: 'utf8' })
    expect(child).toMatchObject({ status: 126, stdout: '' })
    expect(child.stderr).toContain('jail: seccomp')
  })
})
