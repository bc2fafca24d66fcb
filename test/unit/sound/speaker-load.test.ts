import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fake } from 'sinon'
import type { Speaker } from 'speaker'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadSpeaker } from '../../../drivers/audio/speaker/load.ts'

const folder = mkdtempSync(join(tmpdir(), 'loa-speaker-'))
beforeAll(() => {
  const config = join(folder, 'asound.conf')
  writeFileSync(config, 'pcm.default { type null }\n')
  vi.stubEnv('ALSA_CONFIG_PATH', config)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

test('a package that is not built names the command that builds it, and what does without; it is tried again', async () => {
  const cause = new Error('Could not locate the bindings file. Tried:\n → build/binding.node')
  await expect(loadSpeaker(() => Promise.reject(cause))).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(
      /scripts\/build-speaker.*driver alsa.*Could not locate the bindings file\. Tried:$/,
    ),
  })
  class Built implements Speaker {
    readonly write = fake()
    readonly close = fake()
    readonly on = fake()
  }
  expect(await loadSpeaker(() => Promise.resolve({ default: Built }))).toBe(Built)
})
