import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Agent } from '../rig/agent.ts'
import { canMount } from '../rig/can-mount.ts'

let card = ''
afterEach(() => {
  if (card === '') return
  execFileSync('umount', [card])
  rmSync(card, { recursive: true })
})

describe.skipIf(!canMount)('a card that has become read-only', () => {
  test('ends a start with a word of why; once it can be written the agent is back', async () => {
    card = mkdtempSync(join(tmpdir(), 'loa-card-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', card])
    await using agent = new Agent({ config: { paths: { state: card } } })
    await agent.start()
    agent.kill('SIGTERM')
    await agent.exited
    execFileSync('mount', ['-o', 'remount,ro', card])
    agent.launch()
    expect(await agent.exited).toEqual({ code: 1, signal: null })
    expect(agent.output).toContain('the state cannot be written: EROFS: read-only file system')
    execFileSync('mount', ['-o', 'remount,rw', card])
    await agent.start()
    expect((await agent.status()).problems.map(({ code }) => code)).not.toContain('DATABASE')
  })
})
