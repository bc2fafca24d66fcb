import { describe, expect, test } from 'vitest'
import { cpioArchive } from '../../../scripts/rigs/board/cpio.ts'

type Read = { readonly path: string; readonly mode: number; readonly content: string }

/** As the kernel reads it: fields of eight hex digits after the magic, names and contents at multiples of four. */
const read = (archive: Buffer): readonly Read[] => {
  const entries: Read[] = []
  for (let at = 0; ; ) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701')
    const field = (number: number): number =>
      Number.parseInt(archive.toString('latin1', at + 6 + number * 8, at + 14 + number * 8), 16)
    const [mode, size, nameBytes] = [field(1), field(6), field(11)]
    const path = archive.toString('latin1', at + 110, at + 110 + nameBytes - 1)
    const from = Math.ceil((at + 110 + nameBytes) / 4) * 4
    if (path === 'TRAILER!!!') {
      expect(from).toBe(archive.length)
      return entries
    }
    entries.push({ path, mode, content: archive.toString('utf8', from, from + size) })
    at = Math.ceil((from + size) / 4) * 4
  }
}

describe('the initial RAM disk', () => {
  test('has folders and files with their modes and contents, whatever their lengths', () => {
    const archive = cpioArchive([
      { path: 'bin', mode: 0o755 },
      { path: 'bin/a', mode: 0o755, content: Buffer.from('x') },
      { path: 'init', mode: 0o644, content: Buffer.from('#!/bin/a\n') },
      { path: 'empty', mode: 0o600, content: Buffer.alloc(0) },
    ])
    expect(read(archive)).toEqual([
      { path: 'bin', mode: 0o040_755, content: '' },
      { path: 'bin/a', mode: 0o100_755, content: 'x' },
      { path: 'init', mode: 0o100_644, content: '#!/bin/a\n' },
      { path: 'empty', mode: 0o100_600, content: '' },
    ])
  })
})
