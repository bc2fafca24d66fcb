import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LogEntry, PlayProgress } from '../../agent/core/status.ts'
import { Agent } from '../rig/agent.ts'
import { VirtualMicrophone } from '../rig/virtual-microphone.ts'

const LONG = 60_000

test(
  'loa hear says how much of its pilot was heard, and record and status say the same',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loa-hear-'))
    const microphone = new VirtualMicrophone(folder)
    await using agent = new Agent({
      board: { audio: { capture: { device: 'mic0' } } },
      env: microphone.env,
    })
    await agent.start()
    microphone.hear({ delay: 90, gain: 0.2 })
    const loud = await agent.loa('hear', '--json')
    const heard: PlayProgress = JSON.parse(loud.stdout)
    expect(heard).toMatchObject({ state: 'ended', result: 'completed', relay: true })
    if (heard.state === 'ended') expect(heard.heard).toBeGreaterThanOrEqual(0.8)
    expect(loud.code).toBe(0)
    microphone.hear({ gain: 0 })
    const silent = await agent.loa('hear', '--json')
    const unheard: PlayProgress = JSON.parse(silent.stdout)
    if (unheard.state === 'ended') expect(unheard.heard).toBeLessThanOrEqual(0.2)
    expect(silent.code).toBe(1)
    const { stdout } = await agent.loa('log', '--json')
    const entries: readonly LogEntry[] = JSON.parse(stdout)
    const scores = entries.flatMap(({ topic, record }) => (topic === 'playback' ? [record.heard] : []))
    expect(scores).toHaveLength(2)
    expect(scores[0]).toBe(heard.state === 'ended' ? heard.heard : undefined)
    const { hearing } = await agent.status()
    expect(hearing).toMatchObject({ last: scores[1], of: 2 })
    rmSync(folder, { recursive: true })
  },
  LONG,
)
