import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Summary } from '../../scripts/demonstration/evidence.ts'

const DEMO = join(import.meta.dirname, '../../scripts/demo')
/** The show takes about half a minute; a busy machine may take its time around it. */
const LIMIT_MS = 120_000
const RATE = 48_000

type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

const folders: string[] = []
const children: ChildProcess[] = []
const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-demo-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const child of children) child.kill('SIGTERM')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const launch = (args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ran> } => {
  const child = spawn(DEMO, ['--no-setup', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  return {
    child,
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))),
  }
}

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`)

/** RMS in dBFS of the tape between two instants; the last frame left when the file was last written. */
const loudness = (wav: string, from: number, to: number): number => {
  const bytes = readFileSync(wav)
  const frames = (bytes.length - 44) / 2
  const began = statSync(wav).mtimeMs - (frames / RATE) * 1000
  const frameAt = (ms: number): number => Math.round(((ms - began) * RATE) / 1000)
  let sum = 0
  for (let frame = frameAt(from); frame < frameAt(to); frame += 1)
    sum += (bytes.readInt16LE(44 + 2 * frame) / 32_768) ** 2
  return 10 * Math.log10(sum / (frameAt(to) - frameAt(from)) + 1e-12)
}

describe('scripts/demo', () => {
  const folder = scratch()
  let ran: Ran
  let summary: Summary
  beforeAll(async () => {
    ran = await launch(['--json', '--sound', 'wav', '--dir', join(folder, 'd')]).ended
    expect(ran.out, ran.err).toMatch(/^\{/)
    summary = JSON.parse(ran.out)
  }, LIMIT_MS)

  test('shows the whole main job and exits 0', () => {
    expect(summary.missing).toEqual([])
    expect([summary.ok, ran.code]).toEqual([true, 0])
    expect(summary).toMatchObject({
      item: 'hop-thon',
      result: 'completed',
      record: { chain: 'whole', acknowledged: true },
      sound: { driver: 'wav' },
    })
    expect(summary.playedSeconds).toBeGreaterThan(10)
    expect(Date.parse(summary.started ?? '') - Date.parse(summary.planned ?? '')).toBeCloseTo(
      summary.startErrorMs ?? Number.NaN,
      -1,
    )
    expect(ran.err).toMatch(/accepted 75\/26068\/schedule revision/)
  })

  test('the tape is silent before the planned second, sounds in it, and is silent after the last word', () => {
    const planned = Date.parse(summary.planned ?? '')
    const ends = planned + 1000 * (summary.playedSeconds ?? 0)
    const wav = summary.sound.wav ?? ''
    expect(loudness(wav, planned - 700, planned - 100)).toBeLessThan(-70)
    expect(loudness(wav, planned, planned + 1000)).toBeGreaterThan(-35)
    expect(loudness(wav, ends - 3000, ends - 500)).toBeGreaterThan(-35)
    expect(loudness(wav, ends + 100, ends + 400)).toBeLessThan(-70)
  })

  test('the relay is closed around the sound, once, and the panel is lit with the text meanwhile', () => {
    const lines: {
      readonly at: string
      readonly on?: boolean
      readonly png?: string
      readonly text?: string
    }[] = readFileSync(join(folder, 'd/state/trace.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const relay = lines.filter(({ on }) => on !== undefined)
    expect(relay.map(({ on }) => on)).toEqual([true, false])
    const started = Date.parse(summary.started ?? '')
    const [closed, opened] = relay.map(({ at }) => Date.parse(at) - started)
    expect(closed).toBeLessThanOrEqual(-800)
    expect(opened).toBeGreaterThanOrEqual(1000 * (summary.playedSeconds ?? 0) + 400)
    const page = lines.find(({ text }) => text === 'Họp thôn 19:30 tối nay tại nhà văn hóa')
    expect(summary.pngs).toContain(page?.png)
    const { width, height, channels, data } = decode(readFileSync(page?.png ?? ''))
    expect([width, height]).toEqual([512, 128])
    let lit = 0
    for (let at = 0; at < data.length; at += channels) if ((data[at] ?? 0) > 200) lit += 1
    expect(lit).toBeGreaterThan(1000)
  })

  test('what was asked to stop ends the agent too, and says what is missing', {
    timeout: LIMIT_MS,
  }, async () => {
    const directory = join(scratch(), 'd')
    const { child, ended } = launch(['--json', '--sound', 'wav', '--dir', directory])
    await expect.poll(() => existsSync(join(directory, 'run/control.sock')), { timeout: 30_000 }).toBe(true)
    const pid = Number(readFileSync(join(directory, 'agent.pid'), 'utf8'))
    expect(alive(pid)).toBe(true)
    child.kill('SIGTERM')
    const { code, out } = await ended
    expect(code).toBe(1)
    expect(JSON.parse(out).missing).toContain('the demo was stopped')
    expect(alive(pid)).toBe(false)
  })

  test.each([
    [['--nonsense'], /--nonsense/],
    [['--sound', 'loud'], /alsa or wav/],
    [['--dir', join('/tmp', 'x'.repeat(100))], /too long/],
  ])('%j is wrong usage: exit 2', async (args, message) => {
    const { code, out, err } = await launch(args).ended
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })

  test('a folder with the files of others is left alone', async () => {
    const others = scratch()
    writeFileSync(join(others, 'mine.txt'), 'mine')
    const { code, err } = await launch(['--dir', others]).ended
    expect([code, readdirSync(others)]).toEqual([2, ['mine.txt']])
    expect(err).toContain('no demo made')
  })
})
