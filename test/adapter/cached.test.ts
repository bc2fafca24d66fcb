import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cached } from '../../scripts/packaging/cached.ts'

let cache = ''
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'loa-cached-'))
})
afterEach(() => rmSync(cache, { recursive: true }))

const write = (text: string) => (folder: string) => writeFileSync(join(folder, 'made'), text)
const read = (folder: string): string => readFileSync(join(folder, 'made'), 'utf8')

describe('what is made once', () => {
  test('is made while another run makes the same, and one that makes another does not take it away half made', () => {
    const folder = cached(cache, 'modules', 1, (mine) => {
      cached(cache, 'modules', 1, write('theirs'))
      cached(cache, 'modules', 2, write('another'))
      write('mine')(mine)
    })
    expect(read(folder)).toBe('mine')
    expect(readdirSync(cache)).toHaveLength(1)
  })

  test('is that of whoever was first, and nothing half made stays', () => {
    const folder = cached(cache, 'modules', 1, (mine) => {
      cached(cache, 'modules', 1, write('theirs'))
      write('mine')(mine)
    })
    expect(read(folder)).toBe('theirs')
    expect(readdirSync(cache)).toHaveLength(1)
  })

  test('is not there when making it failed, and what was there before is', () => {
    const before = cached(cache, 'modules', 1, write('before'))
    const failing = (): string =>
      cached(cache, 'modules', 2, () => {
        throw new Error('no network')
      })
    expect(failing).toThrow('no network')
    expect(readdirSync(cache).map((name) => join(cache, name))).toEqual([before])
  })
})
