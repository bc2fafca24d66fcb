import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStartsFile } from '../../../agent/adapters/system/starts-file.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-starts-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const start = () => openStartsFile(folder, silentLogger)
const dieAt = (stage: 'media' | 'signs', times: number): void => {
  for (let time = 0; time < times; time += 1) start().stage(stage)
}

test('the sixth start after five that died at one stage leaves its part off', () => {
  dieAt('media', 5)
  expect(start().mode).toEqual({ kind: 'safe', part: 'media', off: ['media'], entered: true })
})

test('a start that is over well wipes out those before it', () => {
  dieAt('signs', 4)
  start().clear()
  expect(readdirSync(folder)).toEqual([])
  dieAt('signs', 4)
  expect(start().mode).toEqual({ kind: 'normal' })
})

test.each(['', '[{"stage":"media"', '{"stage":"media"}', '[1,null,{"stage":"nowhere","safe":true}]'])(
  'a file that says %j counts as no start',
  (content) => {
    writeFileSync(join(folder, 'starts.json'), content)
    expect(start().mode).toEqual({ kind: 'normal' })
    dieAt('signs', 4)
    expect(start().mode).toMatchObject({ kind: 'safe' })
  },
)

test('a file that cannot be written keeps no agent from starting', () => {
  mkdirSync(join(folder, 'starts.json.tmp'))
  const file = start()
  file.stage('running')
  file.clear()
  expect(file.mode).toEqual({ kind: 'normal' })
})
