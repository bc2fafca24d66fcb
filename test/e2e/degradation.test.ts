import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { canMount } from '../rig/can-mount.ts'
import { Card } from '../rig/card.ts'
import { flood } from '../rig/documents.ts'
import { eventually } from '../rig/eventually.ts'
import { chainFaults, scheduleDocument } from '../rig/observer.ts'

const LONG = 90_000
const LOA = join(import.meta.dirname, '../../scripts/loa')
/** Halfway between what an agent needs to start and to play (18) and what three large schedules fit into (28). */
const SMALL_HEAP_MB = 23

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const childOf = (pid: number, word: string): number | undefined =>
  readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => textOf(`/proc/${pid}/task/${task}/children`).split(' '))
    .map(Number)
    .find((child) => child > 0 && textOf(`/proc/${child}/cmdline`).includes(word))

/** An agent whose heap can be made small between two starts. */
class HeapChoice implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'loa-heap-'))
  readonly program = join(this.#folder, 'loa')

  constructor(mb: number) {
    this.choose(mb)
  }

  choose(mb: number): void {
    const script = readFileSync(LOA, 'utf8')
      .replaceAll('--max-old-space-size=64', `--max-old-space-size=${mb}`)
      .replaceAll(/"?\$\{BASH_SOURCE\[0\]\}"?/g, `'${LOA}'`)
    writeFileSync(this.program, script)
    chmodSync(this.program, 0o755)
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}

describe.concurrent('while an item plays', () => {
  test(
    'a decoder that is stopped is replaced, and the item sounds in one piece to its end',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const part = bench.serve(toneMp3(8), 8)
      await observer.schedule(1, [itemAt('dung', inMs(7000), { parts: [part] })])
      const playout = await agent.playout()
      const decoder = await eventually('a decoder', () => childOf(playout, 'ffmpeg'))
      // Before its start it has decoded 2 s ahead: the shortest way to silence there is.
      await eventually(
        'it waits on a full pipe',
        () => /send|pipe_write/.test(textOf(`/proc/${decoder}/wchan`)) || undefined,
      )
      process.kill(decoder, 'SIGSTOP')
      const record = await observer.record('dung')
      console.log(`decoder stopped before the start: ${String(record['underruns'])} underruns`)
      expect(record).toMatchObject({ result: 'completed' })
      expect(Number(record['playedSeconds'])).toBeGreaterThan(7.5)
      expect(textOf(`/proc/${decoder}/cmdline`)).toBe('')
      expect(await agent.playout()).toBe(playout)
    },
    LONG,
  )

  test(
    'an agent that outgrows its heap ends, the relay opens, and the next start records what was cut, once',
    async () => {
      using heap = new HeapChoice(SMALL_HEAP_MB)
      await using bench = await Bench.running({ program: heap.program })
      const { agent, observer } = bench
      const items = [itemAt('cat-ngang', inMs(5000), { parts: [bench.serve(toneMp3(30), 30)] })]
      await observer.schedule(1, items)
      await agent.heard('on')
      await eventually(
        'it has sounded a while',
        () => Date.now() > (agent.sounds[0]?.on ?? 0) + 3000 || undefined,
      )
      const far = new Date(Date.now() + 40 * 86_400_000).toISOString()
      const many = Array.from({ length: 1900 }, (_, n) => ({
        id: `xa-${n}`,
        title: 'x'.repeat(300),
        when: { at: far },
        parts: [{ sound: 'chime' }],
      }))
      for (const area of ['vn', '75', '75/26068'])
        await observer.document(area, 'schedule', {
          ...scheduleDocument(2, area === '75/26068' ? [...items, ...many] : many),
          area,
        })
      const ended = await agent.exited
      console.log(`the agent ended with ${ended.signal ?? ended.code}`)
      expect(ended).not.toMatchObject({ code: 0 })
      await agent.says(/heap (limit|out of memory)|out of memory/i)
      await agent.relayed(false)

      heap.choose(64)
      await agent.start()
      expect(await observer.record('cat-ngang')).toMatchObject({ result: 'interrupted', reason: 'CRASHED' })
      await observer.until(
        'reported',
        'the large schedules are held',
        ({ revs }) => Object(revs)['75/26068/schedule'] === 2,
      )
      expect(observer.playbackOf('cat-ngang')).toHaveLength(1)
      expect(chainFaults(observer.records)).toEqual([])
    },
    LONG,
  )

  test.skipIf(!canMount)(
    'a card that fails is told of, and all goes on: what plays, documents, alerts, the agent itself; after a power cut it is as before',
    async () => {
      using card = new Card(160)
      await using bench = await Bench.running({ config: { paths: { state: card.folder } } })
      const { agent, observer } = bench
      const { pid } = agent
      const part = bench.serve(toneMp3(8), 8)
      await observer.schedule(1, [itemAt('dang-phat', inMs(5000), { parts: [part] })])
      await agent.heard('on')
      const before = String(observer.records[0]?.epoch)
      card.fail()
      expect(await observer.record('dang-phat')).toMatchObject({ result: 'completed' })
      expect(agent.sounds).toHaveLength(1)
      const { health, problems } = await agent.status()
      expect([health, problems.map(({ code }) => code)]).toEqual([
        'fault',
        expect.arrayContaining(['DATABASE']),
      ])

      await observer.document('75', 'alert', flood(1))
      expect(await observer.record('lu')).toMatchObject({ result: 'completed', class: 'emergency' })
      await observer.document('75', 'alert', { ...flood(2), alerts: [] })
      await observer.schedule(2, [itemAt('sau-do', inMs(6000), { parts: [{ sound: 'chime' }] })])
      expect(await observer.record('sau-do')).toMatchObject({ result: 'completed' })
      const after = observer.records.filter(({ epoch }) => epoch !== before)
      expect(chainFaults(after)).toEqual([])
      expect(after[0]).toMatchObject({ code: 'DATABASE', severity: 'alarm', data: { previousEpoch: before } })
      expect(agent.pid).toBe(pid)
      expect(await agent.stop()).toEqual({ code: 0, signal: null })

      card.remount()
      await agent.start()
      expect((await agent.status()).problems.map(({ code }) => code)).not.toContain('DATABASE')
      await observer.schedule(3, [itemAt('lai-nhu-cu', inMs(6000), { parts: [{ sound: 'chime' }] })])
      expect(await observer.record('lai-nhu-cu')).toMatchObject({ result: 'completed', epoch: before })
    },
    LONG,
  )
})
