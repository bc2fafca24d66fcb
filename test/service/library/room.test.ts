import { describe, expect, it } from 'vitest'
import { makeRig, needed, publish } from './rig.ts'

const MIB = 1024 * 1024

describe('T17 room', () => {
  it('what nobody wants goes first, then what is needed last; what is needed sooner never', async () => {
    await using rig = makeRig({ quotaMb: 4 })
    const old = publish(rig, 'old', { length: MIB })
    rig.library.want(needed(old))
    await rig.quiet()
    const [a, b, c] = ['a', 'b', 'c'].map((name) => publish(rig, name, { length: MIB }))
    if (a === undefined || b === undefined || c === undefined) throw new Error('unreachable')
    rig.library.want(needed(a, b, c))
    await rig.quiet()
    expect(rig.cache.heldBytes(old.sha256)).toBe(MIB)
    const urgent = publish(rig, 'urgent', { length: 2 * MIB })
    rig.library.want(needed(a, urgent, b, c))
    await rig.quiet()
    const held = rig.library.overview().files.map((file) => file.heldBytes / MIB)
    expect([rig.cache.heldBytes(old.sha256), ...held]).toEqual([0, 1, 2, 1, 0])
    expect(rig.library.stateOf(c.sha256)).toMatchObject({ state: 'missing', code: 'NO_MEDIA' })
    expect(rig.library.stateOf(a.sha256).state).toBe('ready')
  })

  it('nothing goes when all of it would not be enough', async () => {
    await using rig = makeRig({ quotaMb: 3 })
    const [sooner, later] = [
      publish(rig, 'sooner', { length: 2 * MIB }),
      publish(rig, 'later', { length: MIB }),
    ]
    rig.library.want(needed(sooner, later))
    await rig.quiet()
    const large = publish(rig, 'large', { length: 2 * MIB })
    rig.library.want(needed(sooner, large, later))
    await rig.quiet()
    expect(rig.library.stateOf(later.sha256).state).toBe('ready')
    expect(rig.library.stateOf(large.sha256)).toMatchObject({
      state: 'missing',
      message: 'no room beside what is needed sooner',
    })
    rig.library.want(needed(large))
    await rig.clock.advance(60_000)
    await rig.quiet()
    expect(rig.library.stateOf(large.sha256).state).toBe('ready')
  })

  it('a file declared larger than a file may be is refused without a question to its server', async () => {
    await using rig = makeRig({ maxFileMb: 1 })
    const large = publish(rig, 'large', { length: MIB + 1 })
    rig.library.want(needed(large))
    await rig.quiet()
    expect(rig.servers.asked).toEqual([])
    expect(rig.library.stateOf(large.sha256)).toMatchObject({ state: 'bad', code: 'NO_MEDIA' })
  })

  it('the reserve on the disk is kept: media that nobody wants makes room instead', async () => {
    await using rig = makeRig()
    const old = publish(rig, 'old', { length: MIB })
    rig.library.want(needed(old))
    await rig.quiet()
    rig.disk.free = 10.5
    const fresh = publish(rig, 'fresh', { length: MIB })
    rig.library.want(needed(fresh))
    await rig.quiet()
    expect(rig.library.stateOf(old.sha256).state).toBe('missing')
    expect(rig.library.stateOf(fresh.sha256).state).toBe('ready')
  })

  it('a full disk stops downloads for a minute, keeps what is there, and goes on by itself', async () => {
    await using rig = makeRig()
    const first = publish(rig, 'first', { length: MIB })
    rig.library.want(needed(first))
    await rig.quiet()
    rig.cache.roomBytes = 300_000
    const second = publish(rig, 'second', { length: MIB })
    rig.library.want(needed(first, second))
    await rig.quiet()
    expect(rig.library.activity).toBe('full')
    expect(rig.library.overview()).toMatchObject({ activity: 'full', present: 1 })
    expect(rig.library.stateOf(second.sha256)).toMatchObject({ state: 'missing', code: 'DISK_FULL' })
    rig.cache.roomBytes = 10 * MIB
    const before = rig.servers.asked.length
    await rig.clock.advance(59_000)
    expect(rig.servers.asked).toHaveLength(before)
    await rig.clock.advance(1000)
    await rig.quiet()
    expect(rig.library.overview()).toMatchObject({ activity: 'idle', present: 2 })
  })

  it('a disk that is fuller than it said costs what is needed last, not the download', async () => {
    await using rig = makeRig()
    const later = publish(rig, 'later', { length: MIB })
    rig.library.want(needed(later))
    await rig.quiet()
    rig.cache.roomBytes = 300_000
    const sooner = publish(rig, 'sooner', { length: MIB })
    rig.library.want(needed(sooner, later))
    await rig.quiet()
    expect(rig.library.stateOf(sooner.sha256).state).toBe('ready')
    expect(rig.library.stateOf(later.sha256).state).toBe('missing')
  })

  it('is given back within a minute when something else fills the disk, but only what nobody wants', async () => {
    await using rig = makeRig()
    const names = ['oldest', 'older', 'kept']
    const [oldest, older, kept] = names.map((name) => publish(rig, name, { length: MIB }))
    if (oldest === undefined || older === undefined || kept === undefined) throw new Error('unreachable')
    rig.library.want(needed(oldest, older, kept))
    await rig.quiet()
    rig.library.want(needed(kept))
    rig.disk.free = 9
    const held = () => [oldest, older, kept].map(({ sha256 }) => rig.cache.heldBytes(sha256) / MIB)
    await rig.clock.advance(60_000)
    await rig.quiet()
    expect(held()).toEqual([0, 1, 1])
    await rig.clock.advance(180_000)
    await rig.quiet()
    expect(held()).toEqual([0, 0, 1])
    expect(rig.library.stateOf(kept.sha256).state).toBe('ready')
  })

  it('of what nobody wants goes before the disk grows scarce; what is wanted comes all the same', async () => {
    await using rig = makeRig()
    const [oldest, older] = ['oldest', 'older'].map((name) => publish(rig, name, { length: MIB }))
    if (oldest === undefined || older === undefined) throw new Error('unreachable')
    rig.library.want(needed(oldest, older))
    await rig.quiet()
    rig.disk.scarce = 100
    rig.disk.free = 100.5
    rig.library.want([])
    await rig.clock.advance(60_000)
    await rig.quiet()
    expect(rig.cache.heldBytes(oldest.sha256)).toBe(MIB)
    const fresh = publish(rig, 'fresh', { length: MIB })
    rig.library.want(needed(fresh))
    await rig.quiet()
    expect([oldest, older].map(({ sha256 }) => rig.cache.heldBytes(sha256))).toEqual([0, 0])
    expect(rig.library.stateOf(fresh.sha256).state).toBe('ready')
  })
})
