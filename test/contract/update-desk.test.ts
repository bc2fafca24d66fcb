import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, test } from 'vitest'
import { openUpdateDesk } from '../../agent/adapters/update/desk.ts'
import type { UpdateDesk } from '../../agent/ports/update-desk.ts'
import { MemoryUpdateDesk } from '../fakes/memory-update-desk.ts'

const MIB = 1_048_576
const folders: string[] = []
const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-desk-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const onDisk = (root: string): UpdateDesk => {
  mkdirSync(join(root, 'slots/slots/a'), { recursive: true })
  return openUpdateDesk({
    folder: join(root, 'state/update'),
    slotsFolder: join(root, 'slots'),
    packageFolder: join(root, 'package'),
    ownFolder: join(root, 'slots/slots/a'),
  })
}

const desks: Readonly<Record<string, () => UpdateDesk>> = {
  'in memory': () => new MemoryUpdateDesk(),
  'on the disk': () => onDisk(emptyFolder()),
}

const release = Buffer.from('a.b.c')
const bytes = Buffer.alloc(MIB + 1000, 'package')
const sha256 = createHash('sha256').update(bytes).digest('hex')

async function* pieces(of: Uint8Array, then?: Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < of.length; at += 65_536) yield of.subarray(at, at + 65_536)
  if (then !== undefined) throw then
}

describe.each(Object.keys(desks))('an update desk %s', (kind) => {
  const empty = (): UpdateDesk => {
    const desk = desks[kind]?.()
    if (desk === undefined) throw new Error(`no desk ${kind}`)
    return desk
  }

  it('has nothing on it at first', () => {
    const desk = empty()
    expect([desk.release(), desk.slots(), desk.heldBytes(), desk.isComplete()]).toEqual([
      undefined,
      undefined,
      0,
      false,
    ])
  })

  it('keeps what came before the source broke off, and takes the rest', async () => {
    const desk = empty()
    expect(await desk.begin(release)).toBe(0)
    const broken = desk.receive(pieces(bytes.subarray(0, MIB), new Error('the line is gone')))
    await expect(broken).rejects.toThrow('the line is gone')
    expect(await desk.begin(release)).toBe(MIB)
    await desk.receive(pieces(bytes.subarray(MIB)))
    expect(await desk.complete(sha256)).toBe(true)
    expect([desk.isComplete(), desk.heldBytes(), await desk.begin(release)]).toEqual([
      true,
      bytes.length,
      bytes.length,
    ])
    expect(Buffer.from(desk.release() ?? [])).toEqual(release)
  })

  it('throws away what is not the package, and what belongs to another release', async () => {
    const desk = empty()
    await desk.begin(release)
    await desk.receive(pieces(bytes))
    expect(await desk.complete('0'.repeat(64))).toBe(false)
    expect([desk.heldBytes(), desk.isComplete()]).toEqual([0, false])
    await desk.receive(pieces(bytes))
    expect(await desk.begin(Buffer.from('d.e.f'))).toBe(0)
    await desk.clear()
    expect([desk.release(), desk.heldBytes()]).toEqual([undefined, 0])
  })
})

describe('an update desk on the disk', () => {
  test('takes up a download only as far as it was synced', async () => {
    const root = emptyFolder()
    const desk = onDisk(root)
    await desk.begin(release)
    writeFileSync(join(root, 'state/update/release.deb.part'), bytes)
    expect(await onDisk(root).begin(release)).toBe(MIB)
  })

  test('hands over a request whole, readable by nobody but its owner', async () => {
    const root = emptyFolder()
    await onDisk(root).ask({ v: 1, id: 'r-1', op: 'stage' })
    const path = join(root, 'state/update/request.json')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ v: 1, id: 'r-1', op: 'stage' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(existsSync(`${path}.tmp`)).toBe(false)
  })

  test('knows the place it runs from, and none where no updater is', () => {
    const root = emptyFolder()
    expect(onDisk(root).running).toBe('a')
    const place = { folder: root, slotsFolder: join(root, 'slots'), packageFolder: join(root, 'slots') }
    expect(openUpdateDesk({ ...place, ownFolder: join(root, 'slots') }).running).toBe('package')
    expect(openUpdateDesk({ ...place, ownFolder: root }).running).toBe(undefined)
    expect(openUpdateDesk({ ...place, slotsFolder: join(root, 'none'), ownFolder: root }).running).toBe(
      undefined,
    )
  })

  test('passes over slots.json that nobody can read', () => {
    const root = emptyFolder()
    const desk = onDisk(root)
    const path = join(root, 'slots/slots.json')
    writeFileSync(path, '{"v":1,')
    expect(desk.slots()).toBe(undefined)
    const slots = { v: 1, committed: { slot: 'package', version: '0.9.0' }, refused: [] }
    writeFileSync(path, JSON.stringify(slots))
    expect(desk.slots()).toEqual(slots)
    writeFileSync(path, ' '.repeat(70_000))
    expect(desk.slots()).toBe(undefined)
  })
})
