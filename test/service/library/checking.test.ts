import { describe, expect, it } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import { audioOf, fileOf, makeRig, needed, publish, url } from './rig.ts'

const minutes = async (rig: ReturnType<typeof makeRig>, count: number): Promise<void> => {
  for (let minute = 0; minute < count; minute += 1) await rig.clock.advance(60_000)
  await rig.quiet()
}

describe('T22 a content server that lies', () => {
  it('a wrong digest is never ready, never decoded, thrown away and fetched elsewhere', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file', { hosts: ['a', 'b'] })
    rig.servers.files.set(url('a/file'), { bytes: fileOf('evil') })
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.servers.asked).toEqual([`${url('a/file')}@0`, `${url('b/file')}@0`])
    expect(rig.probe.measured).toBe(1)
    expect(Buffer.from(rig.library.read(file.sha256, 0, 4)).toString()).toBe('file')
  })

  it('when every URL lies the file is bad, and tried again after an hour', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file', { hosts: ['a', 'b'] })
    for (const host of ['a', 'b']) rig.servers.files.set(url(`${host}/file`), { bytes: fileOf('evil') })
    const states: string[] = []
    rig.library.onChange((sha256) => states.push(rig.library.stateOf(sha256).state))
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256)).toMatchObject({ state: 'bad', code: 'BAD_MEDIA' })
    expect(rig.cache.totalBytes()).toBe(0)
    await minutes(rig, 59)
    expect(rig.servers.asked).toHaveLength(2)
    rig.servers.files.set(url('b/file'), { bytes: fileOf('file') })
    await minutes(rig, 2)
    expect(rig.library.stateOf(file.sha256).state).toBe('ready')
    expect(states).toEqual(['bad', 'ready'])
  })

  it('the honest one of two is not blamed for the bytes of the other', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file', { hosts: ['a', 'b'] })
    rig.servers.files.set(url('a/file'), { bytes: fileOf('evil'), breakAt: 2000 })
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.servers.asked).toEqual([`${url('a/file')}@0`, `${url('b/file')}@2000`, `${url('b/file')}@0`])
    expect(rig.library.stateOf(file.sha256).state).toBe('ready')
  })

  it('nobody is blamed for bytes from before this start', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file')
    await rig.cache.append(file.sha256, fileOf('evil').subarray(0, 2000))
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.servers.asked).toEqual([`${url('a/file')}@2000`, `${url('a/file')}@0`])
    expect(rig.library.stateOf(file.sha256).state).toBe('ready')
  })

  it('a file of another length is bad without being stored', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file')
    rig.servers.files.set(url('a/file'), { bytes: fileOf('file', 6000) })
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256)).toMatchObject({ state: 'bad', code: 'BAD_MEDIA' })
    expect(rig.cache.totalBytes()).toBe(0)
  })
})

describe('what the decoder says', () => {
  it.each([
    [58.9, 60, 'ready'],
    [58.7, 60, 'bad'],
    [9.1, 10, 'ready'],
    [8.9, 10, 'bad'],
    [0.1, 1, 'ready'],
  ])('a file of %f s declared as %i s is %s', async (seconds, declared, state) => {
    await using rig = makeRig()
    const file = { ...publish(rig, 'file'), seconds: declared }
    rig.probe.answer = { seconds }
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256).state).toBe(state)
  })

  it('the right bytes that do not decode are bad at once and not fetched again', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file', { hosts: ['a', 'b'] })
    rig.probe.fault = 'BAD_MEDIA'
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256)).toMatchObject({ state: 'bad', code: 'BAD_MEDIA' })
    await minutes(rig, 61)
    expect(rig.servers.asked).toHaveLength(1)
    expect(rig.probe.measured).toBe(2)
  })

  it('a corrected declaration is judged at once, without another download', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file')
    rig.probe.answer = { seconds: 30 }
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256).state).toBe('bad')
    rig.library.want(needed({ ...file, seconds: 30 }))
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256).state).toBe('ready')
    expect(rig.servers.asked).toHaveLength(1)
  })

  it('a ready file that is now declared longer is decoded again', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file')
    rig.library.want(needed(file))
    await rig.quiet()
    rig.probe.answer = { seconds: 60 }
    rig.library.want(needed({ ...file, seconds: 600 }))
    expect(rig.library.stateOf(file.sha256).state).toBe('missing')
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256)).toMatchObject({
      state: 'bad',
      message: 'lasts 60.0 s, declared are 600 s',
    })
  })

  it('a decoder that cannot be run blames nobody and is tried again', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file')
    rig.probe.fault = 'DECODER'
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256)).toMatchObject({ state: 'missing', code: 'DECODER' })
    rig.probe.fault = undefined
    await minutes(rig, 2)
    expect(rig.library.stateOf(file.sha256).state).toBe('ready')
    expect(rig.servers.asked).toHaveLength(1)
  })
})

describe('while something plays', () => {
  it('checking stops at once and waits; downloads go on', async () => {
    await using rig = makeRig()
    const [first, second] = [publish(rig, 'first'), publish(rig, 'second')]
    rig.probe.hang = true
    rig.library.want(needed(first, second))
    await rig.quiet()
    expect(rig.library.overview().files[0]?.state).toBe('checking')
    rig.library.pause()
    await rig.quiet()
    expect(rig.probe.running).toBe(0)
    expect(rig.library.overview()).toMatchObject({ activity: 'paused', heldBytes: 10_000, present: 0 })
    rig.probe.hang = false
    await minutes(rig, 5)
    expect(rig.probe.measured).toBe(1)
    rig.library.resume()
    await rig.quiet()
    expect(rig.library.overview()).toMatchObject({ activity: 'idle', present: 2 })
  })
})

describe('run', () => {
  it('rejects on a fault that nobody foresaw, and ends quietly when told', async () => {
    const rig = makeRig()
    const file = publish(rig, 'file')
    rig.servers.allows = () => true
    rig.servers.fetch = async function* () {
      yield* []
      throw new TypeError('a mistake')
    }
    rig.library.want(needed(file))
    await expect(rig.running).rejects.toThrow('a mistake')
  })

  it('lives through a cache that is found damaged, and fetches anew', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file')
    rig.library.want(needed(file))
    await rig.quiet()
    rig.cache.damage()
    expect(rig.library.stateOf(file.sha256).state).toBe('missing')
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256).state).toBe('ready')
    expect(rig.servers.asked).toHaveLength(2)
  })

  it('lives through a card that cannot be written', async () => {
    await using rig = makeRig()
    const file = audioOf(fileOf('file'), [url('f')])
    rig.servers.files.set(url('f'), { bytes: fileOf('file') })
    const append = rig.cache.append.bind(rig.cache)
    rig.cache.append = () => Promise.reject(new LoaError('IO', 'SQLITE_IOERR_WRITE'))
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.library.stateOf(file.sha256)).toMatchObject({ state: 'missing', code: 'DATABASE' })
    rig.cache.append = append
    await minutes(rig, 1)
    expect(rig.library.stateOf(file.sha256).state).toBe('ready')
  })
})
