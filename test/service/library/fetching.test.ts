import { describe, expect, it } from 'vitest'
import { audioOf, fileOf, imageOf, makeRig, needed, publish, url } from './rig.ts'

describe('files are fetched', () => {
  it('one at a time in order of need, and become ready when they were decoded', async () => {
    await using rig = makeRig()
    const [first, second] = [publish(rig, 'first'), publish(rig, 'second')]
    const changes: string[] = []
    rig.library.onChange((sha256) => changes.push(sha256))
    rig.probe.answer = { integratedLufs: -20 }
    rig.library.want(needed(first, second))
    expect(rig.library.stateOf(first.sha256)).toEqual({ state: 'missing', bytes: 0 })
    await rig.quiet()
    expect(rig.servers.asked).toEqual([`${url('a/first')}@0`, `${url('a/second')}@0`])
    expect(rig.library.stateOf(first.sha256)).toEqual({
      state: 'ready',
      bytes: 5000,
      measured: { seconds: 60, integratedLufs: -20, truePeakDb: -3 },
    })
    expect(changes).toEqual([first.sha256, second.sha256])
    expect(rig.library.overview()).toMatchObject({
      wanted: 2,
      present: 2,
      activity: 'idle',
      heldBytes: 10_000,
    })
    expect(Buffer.from(rig.library.read(first.sha256, 0, 5)).toString()).toBe('first')
  })

  it('images too, tried by their own decoder', async () => {
    await using rig = makeRig()
    const bytes = fileOf('image')
    rig.servers.files.set(url('i'), { bytes })
    const image = imageOf(bytes, [url('i')])
    rig.library.want(needed(image))
    await rig.quiet()
    expect(rig.library.stateOf(image.sha256).state).toBe('ready')
    expect(rig.probe.measured).toBe(0)
  })

  it('an image that does not decode is bad, and is not fetched again', async () => {
    await using rig = makeRig()
    const bytes = fileOf('bad')
    rig.servers.files.set(url('i'), { bytes })
    const image = imageOf(bytes, [url('i')])
    rig.library.want(needed(image))
    await rig.quiet()
    expect(rig.library.stateOf(image.sha256)).toMatchObject({ state: 'bad', code: 'BAD_MEDIA' })
  })

  it('a more urgent one interrupts, and the other goes on from where it was', async () => {
    await using rig = makeRig()
    const later = publish(rig, 'later')
    rig.servers.files.set(url('a/later'), { bytes: fileOf('later'), hangAt: 3000 })
    rig.library.want(needed(later))
    await rig.quiet()
    expect(rig.library.overview()).toMatchObject({
      activity: 'fetching',
      files: [{ state: 'fetching', bytes: 5000 }],
    })
    const sooner = publish(rig, 'sooner')
    rig.library.want(needed(sooner, later))
    await rig.quiet()
    rig.servers.files.set(url('a/later'), { bytes: fileOf('later') })
    expect(rig.library.stateOf(sooner.sha256).state).toBe('ready')
    expect(rig.servers.asked.slice(0, 3)).toEqual([
      `${url('a/later')}@0`,
      `${url('a/sooner')}@0`,
      `${url('a/later')}@3000`,
    ])
  })

  it('what is no longer wanted is left in the middle', async () => {
    await using rig = makeRig()
    const old = publish(rig, 'old')
    rig.servers.files.set(url('a/old'), { bytes: fileOf('old'), hangAt: 1000 })
    rig.library.want(needed(old))
    await rig.quiet()
    rig.library.want([])
    await rig.quiet()
    expect(rig.library.overview()).toMatchObject({ wanted: 0, activity: 'idle' })
    expect(rig.library.stateOf(old.sha256)).toEqual({ state: 'missing', bytes: 1000 })
  })

  it('from the next URL when one fails, resuming', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file', { hosts: ['a', 'b'] })
    rig.servers.files.set(url('a/file'), { bytes: fileOf('file'), breakAt: 2000 })
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.servers.asked).toEqual([`${url('a/file')}@0`, `${url('b/file')}@2000`])
    expect(rig.library.stateOf(file.sha256).state).toBe('ready')
  })

  it('from every URL that any item names for the same content', async () => {
    await using rig = makeRig()
    const bytes = fileOf('shared')
    rig.servers.files.set(url('good'), { bytes })
    rig.library.want(needed(audioOf(bytes, [url('gone')]), audioOf(bytes, [url('good')])))
    await rig.quiet()
    expect(rig.library.overview()).toMatchObject({ wanted: 1, present: 1 })
  })
})

describe('a URL that fails', () => {
  it('is left alone for 2 s, doubling to 10 min, and the file stays missing with the reason', async () => {
    await using rig = makeRig()
    const file = audioOf(fileOf('file'), [url('gone')])
    rig.library.want(needed(file))
    await rig.quiet()
    const asked = [rig.clock.mono()]
    for (let second = 0; second < 4000; second += 1) {
      const before = rig.servers.asked.length
      await rig.clock.advance(1000)
      if (rig.servers.asked.length > before) asked.push(rig.clock.mono())
    }
    const gaps = asked.slice(1).map((at, index) => (at - (asked[index] ?? 0)) / 1000)
    expect(gaps).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600, 600])
    expect(rig.library.stateOf(file.sha256)).toEqual({
      state: 'missing',
      bytes: 0,
      code: 'NO_MEDIA',
      message: 'unreachable',
    })
  })

  it('interrupts what is needed later when its time comes', async () => {
    await using rig = makeRig()
    const urgent = audioOf(fileOf('urgent'), [url('a/urgent')])
    const later = publish(rig, 'later')
    rig.servers.files.set(url('a/later'), { bytes: fileOf('later'), hangAt: 3000 })
    rig.library.want(needed(urgent, later))
    await rig.quiet()
    expect(rig.library.overview().files.map((file) => file.state)).toEqual(['missing', 'fetching'])
    rig.servers.files.set(url('a/urgent'), { bytes: fileOf('urgent') })
    await rig.clock.advance(2000)
    await rig.quiet()
    expect(rig.library.stateOf(urgent.sha256).state).toBe('ready')
  })

  it('outside the allow-list is passed over; with none left the file is NO_MEDIA at once', async () => {
    await using rig = makeRig()
    const bytes = fileOf('file')
    const file = audioOf(bytes, ['https://forbidden.example/x'])
    rig.library.want(needed(file))
    await rig.quiet()
    expect(rig.servers.asked).toEqual([])
    expect(rig.library.stateOf(file.sha256)).toMatchObject({ state: 'bad', code: 'NO_MEDIA' })
    rig.servers.files.set(url('x'), { bytes })
    rig.library.want(needed(audioOf(bytes, ['https://forbidden.example/x', url('x')])))
    await rig.quiet()
    expect(rig.servers.asked).toEqual([`${url('x')}@0`])
    expect(rig.library.stateOf(file.sha256).state).toBe('ready')
  })
})
