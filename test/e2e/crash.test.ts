import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { chainFaults } from '../rig/observer.ts'

const LONG = 60_000
const OPEN_WITHIN_MS = 1000
const REPORT_TRAVELS_SECONDS = 0.7
const PLAYOUT = join(import.meta.dirname, '../../dist/agent/playout/main.js')
const OPEN_RELAYS = join(import.meta.dirname, '../../scripts/open-relays')

/** A bench on which an item of `seconds` has sounded long enough for a checkpoint. */
const playing = async (seconds: number, rest: Readonly<Record<string, unknown>> = {}) => {
  const bench = await Bench.running()
  try {
    const at = inMs(5000)
    const parts = [bench.serve(toneMp3(seconds), seconds)]
    await bench.observer.schedule(1, [itemAt('dang-phat', at, { parts, ...rest })])
    await bench.agent.heard('on')
    await eventually('it has sounded a while', () => Date.now() > at + 3500 || undefined)
    expect(bench.agent.relay().at(-1)).toMatchObject({ on: true })
    return { bench, at, playout: await bench.agent.playout() }
  } catch (error) {
    await bench[Symbol.asyncDispose]()
    throw error
  }
}

describe.concurrent('T09 T25 killed while it plays', () => {
  test(
    'playout: the relay opens within a second and the item goes on from its position',
    async () => {
      const { bench, playout } = await playing(6)
      await using _ = bench
      const { agent, observer } = bench
      const killedAt = Date.now()
      process.kill(playout, 'SIGKILL')
      const open = (await agent.relayed(false)) - killedAt
      console.log(`playout killed: relay open after ${open} ms`)
      expect(open).toBeLessThan(OPEN_WITHIN_MS)
      const again = (await agent.heard('on', 1)) - killedAt
      console.log(`playout killed: sound again after ${again.toFixed(0)} ms`)
      const record = await observer.record('dang-phat')
      expect(record).toMatchObject({ result: 'completed', cuts: 1 })
      expect(Number(record['playedSeconds'])).toBeGreaterThan(5)
      expect(Number(record['playedSeconds'])).toBeLessThan(7)
      await agent.relayed(false, 1)
      expect(agent.sounds).toHaveLength(2)
      expect(await agent.playout()).not.toBe(playout)
    },
    LONG,
  )

  test(
    'the agent: the relay opens within a second, and an item that must not be taken up is interrupted, once',
    async () => {
      const { bench, at, playout } = await playing(30)
      await using _ = bench
      const { agent, observer } = bench
      const killedAt = Date.now()
      await agent.crash()
      const open = (await agent.relayed(false)) - killedAt
      console.log(`agent killed: relay open after ${open} ms`)
      expect(open).toBeLessThan(OPEN_WITHIN_MS)
      await eventually('playout is gone', () => !exists(playout) || undefined)

      await agent.start()
      const record = await observer.record('dang-phat')
      expect(record).toMatchObject({ result: 'interrupted', reason: 'CRASHED' })
      const forgotten = (killedAt - at) / 1000 - Number(record['playedSeconds'])
      console.log(`agent killed: the last ${forgotten.toFixed(1)} s are not in the record`)
      expect(forgotten).toBeGreaterThan(0)
      expect(forgotten).toBeLessThan(2 + REPORT_TRAVELS_SECONDS)
      await eventually('an idle agent', async () => {
        const { playing: now, next, uptimeSeconds } = await agent.status()
        return now === undefined && next.length === 0 && uptimeSeconds >= 3
      })
      expect(agent.sounds).toHaveLength(1)
      expect(observer.playbackOf('dang-phat')).toHaveLength(1)
      expect(chainFaults(observer.records)).toEqual([])
    },
    LONG,
  )

  test(
    'the agent: an item that may be taken up goes on from its last checkpoint',
    async () => {
      const { bench } = await playing(8, { late: { policy: 'play', withinSeconds: 60 } })
      await using _ = bench
      const { agent, observer } = bench
      await agent.crash()
      await agent.relayed(false)
      await agent.start()
      const record = await observer.record('dang-phat')
      expect(record).toMatchObject({ result: 'completed', cuts: 1 })
      expect(Number(record['playedSeconds'])).toBeGreaterThan(7)
      expect(Number(record['playedSeconds'])).toBeLessThan(11)
      expect(agent.sounds).toHaveLength(2)
      expect(chainFaults(observer.records)).toEqual([])
    },
    LONG,
  )

  test(
    'the agent: an item that may be joined goes on where it would be by now',
    async () => {
      const { bench, at } = await playing(12, { late: { policy: 'join', withinSeconds: 60 } })
      await using _ = bench
      const { agent, observer } = bench
      await agent.crash()
      await agent.start()
      expect(await observer.record('dang-phat')).toMatchObject({ result: 'partial', reason: 'LATE', cuts: 1 })
      const end = Number(agent.sounds.at(-1)?.off) - at - 12_000
      console.log(`joined after a crash: ends ${end.toFixed(0)} ms after its plan`)
      expect(Math.abs(end)).toBeLessThan(100)
      expect(agent.sounds).toHaveLength(2)
      expect(chainFaults(observer.records)).toEqual([])
    },
    LONG,
  )

  test(
    'playout: with a fault while it plays it ends even if nobody is left to hear of it',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'loa-playout-'))
      const playout = spawn(process.execPath, [PLAYOUT], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
      })
      try {
        const exited = new Promise<number | null>((resolve) => playout.once('exit', resolve))
        const answers: string[] = []
        playout.on('message', (message) => answers.push(JSON.stringify(message)))
        const audio = {
          driver: 'wav',
          file: join(folder, 'heard.wav'),
          rate: 48000,
          channels: 1,
          bufferMs: 500,
        }
        playout.send({ do: 'configure', audio, amplifiers: [], muted: false })
        const segments = [{ kind: 'tone', hz: 440, frames: 480_000, gainDb: -20 }]
        const clip = { id: 'tone', segments, amplifiers: [], gainDb: 0 }
        const order = { clip, at: Date.now() + 500, fromFrame: 0, takeover: false, fadeInMs: 0 }
        await eventually(
          'it is ready',
          () => answers.some((answer) => answer.includes('"ready"')) || undefined,
        )
        playout.send({ do: 'schedule', order })
        await eventually(
          'it plays',
          () => answers.some((answer) => answer.includes('"started"')) || undefined,
        )
        playout.stderr?.destroy()
        playout.send({ do: 'schedule' })
        expect(await Promise.race([exited, wait(10_000, 'still there', { ref: false })])).toBe(2)
      } finally {
        playout.kill('SIGKILL')
        rmSync(folder, { recursive: true })
      }
    },
    LONG,
  )

  test(
    'nothing that was played is played again by an agent restarted inside its window',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(5000)
      await observer.schedule(1, [itemAt('mot-lan', at, { parts: [bench.serve(toneMp3(1), 1)] })])
      await observer.record('mot-lan')
      for (const end of ['SIGKILL', 'SIGTERM'] as const) {
        agent.kill(end)
        await agent.exited
        await agent.start()
        await eventually('it runs a while', async () => (await agent.status()).uptimeSeconds >= 4)
      }
      expect(Date.now()).toBeLessThan(at + 60_000)
      expect(agent.sounds).toHaveLength(1)
      expect(agent.relay()).toHaveLength(2)
      expect(observer.playbackOf('mot-lan')).toHaveLength(1)
      expect(chainFaults(observer.records)).toEqual([])
    },
    LONG,
  )

  test(
    'both: the relay stays as it was until the last resort of the unit opens it',
    async () => {
      const { bench, playout } = await playing(30)
      await using _ = bench
      const { agent, observer } = bench
      const killedAt = Date.now()
      process.kill(playout, 'SIGKILL')
      await agent.crash()
      expect(agent.relay().at(-1)).toMatchObject({ on: true })
      execFileSync(OPEN_RELAYS, [agent.paths.relays])
      const open = (await agent.relayed(false)) - killedAt
      console.log(`both killed: relay open after ${open} ms`)
      expect(open).toBeLessThan(OPEN_WITHIN_MS)
      await agent.start()
      expect(await observer.record('dang-phat')).toMatchObject({ result: 'interrupted', reason: 'CRASHED' })
      expect(agent.relay().at(-1)).toMatchObject({ on: false })
      expect(chainFaults(observer.records)).toEqual([])
    },
    LONG,
  )
})

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
