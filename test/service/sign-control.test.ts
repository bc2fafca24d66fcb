import { afterEach, describe, expect, test } from 'vitest'
import type { SignContent } from '../../agent/core/documents.ts'
import type { PageFault } from '../../agent/core/sign/page.ts'
import type { Logger } from '../../agent/ports/logger.ts'
import { SignControl } from '../../agent/services/sign-control.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { RecordingSignboard } from '../fakes/recording-signboard.ts'

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
}

const content = (...texts: readonly string[]): SignContent => ({
  pages: texts.map((text) => ({ text, seconds: 10 })),
})

const begin = (signboards: readonly RecordingSignboard[]) => {
  const clock = new ManualClock()
  const events: string[] = []
  const faults: { readonly owner: string; readonly sign: string; readonly fault: PageFault }[] = []
  const control = new SignControl({
    signboards,
    clock,
    logger: silent,
    onHealth: (sign, health) => events.push(`${sign} ${health.ok ? 'ok' : 'fault'}`),
    onPageFault: (owner, sign, fault) => faults.push({ owner, sign, fault }),
    onFailure: (error) => events.push(`failed: ${String(error)}`),
  })
  return { clock, control, events, faults }
}

describe('sign control', () => {
  const open: SignControl[] = []
  const start = (...signboards: readonly RecordingSignboard[]) => {
    const begun = begin(signboards)
    open.push(begun.control)
    return begun
  }
  afterEach(async () => {
    for (const control of open.splice(0)) await control[Symbol.asyncDispose]()
  })

  test('a page is on the sign before the call returns, and the idle page comes back afterwards', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock } = start(gate)
    control.show('item', content('Họp thôn'), 'programme')
    expect(gate.text).toBe('Họp thôn')
    await clock.advance(3000)
    control.clear('item')
    expect(gate.text).toBe('')
    expect(gate.frames.at(-1)?.frame.rgb.every((value) => value === 0)).toBe(true)
  })

  test('pages follow one another for their seconds, over and over', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock } = start(gate)
    control.show('item', content('một', 'hai'), 'notice')
    await clock.advance(25_000)
    expect(gate.pages).toEqual(['', 'một', 'hai', 'một'])
  })

  test('identical frames are not sent again', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock } = start(gate)
    control.show('item', content('một'), 'notice')
    await clock.advance(60_000)
    expect(gate.frames).toHaveLength(2)
  })

  test('scrolling text moves thirty times a second and not oftener', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock } = start(gate)
    const page = { text: 'Họp thôn 19:30 tối nay', mode: 'scroll', seconds: 10 } as const
    control.show('item', { pages: [page] }, 'notice')
    await clock.advance(2000)
    const before = gate.frames.length
    await clock.advance(5000)
    expect(gate.frames.length - before).toBeGreaterThanOrEqual(145)
    expect(gate.frames.length - before).toBeLessThanOrEqual(151)
  })

  test('an alert is over everything at once; what it covered comes back, and its time covered does not count', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock } = start(gate)
    control.show('notice', content('thông báo'), 'notice', 'emergency')
    control.show('item', content('bản tin'), 'programme')
    await clock.advance(4000)
    control.show('alert', content('LŨ KHẨN CẤP: SƠ TÁN NGAY'), 'alert')
    expect(gate.text).toBe('LŨ KHẨN CẤP: SƠ TÁN NGAY')
    await clock.advance(20_000)
    expect(control.clear('alert')).toEqual({ signs: ['gate'], shownSeconds: 20, worked: true })
    expect(gate.text).toBe('bản tin')
    await clock.advance(1000)
    expect(control.clear('item')).toEqual({ signs: ['gate'], shownSeconds: 5, worked: true })
    expect(gate.text).toBe('thông báo')
    expect(control.shownSeconds('notice')).toBe(0)
    await clock.advance(500)
    expect(control.shownSeconds('notice')).toBe(0.5)
  })

  test('one that was never shown says so, though its sign worked', async () => {
    const { control, clock } = start(new RecordingSignboard('gate'))
    control.show('item', content('bản tin'), 'programme')
    control.show('notice', content('thông báo'), 'notice')
    await clock.advance(5000)
    expect(control.clear('notice')).toEqual({ signs: ['gate'], shownSeconds: 0, worked: true })
  })

  test('only the named signs show it, and names that this board lacks are passed over', async () => {
    const [gate, market] = [new RecordingSignboard('gate'), new RecordingSignboard('market')]
    const { control } = start(gate, market)
    const named = { ...content('chợ'), signs: ['market', 'nowhere'] }
    control.show('item', named, 'notice')
    expect([gate.text, market.text]).toEqual(['', 'chợ'])
    expect(control.signsOf(named)).toEqual(['market'])
    expect(control.signsOf({ ...named, signs: ['nowhere'] })).toEqual([])
    expect(control.signsOf(content('x'))).toEqual(['gate', 'market'])
  })

  test('time on two signs counts once', async () => {
    const { control, clock } = start(new RecordingSignboard('gate'), new RecordingSignboard('market'))
    control.show('item', content('a', 'b'), 'notice')
    await clock.advance(15_000)
    expect(control.shownSeconds('item')).toBe(15)
  })

  test('a sign that fails is told once, its time does not count, and it is told when it works again', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock, events } = start(gate)
    control.show('item', content('a'), 'notice')
    await clock.advance(5000)
    gate.health = { ok: false, message: 'unplugged' }
    await clock.advance(10_000)
    expect(events).toEqual(['gate fault'])
    expect(control.health()).toEqual({ gate: 'fault' })
    gate.health = { ok: true, message: 'open' }
    await clock.advance(5000)
    expect(events).toEqual(['gate fault', 'gate ok'])
    const { shownSeconds } = control.clear('item')
    expect(shownSeconds).toBeGreaterThanOrEqual(9)
    expect(shownSeconds).toBeLessThanOrEqual(11)
  })

  test('a sign that never worked is known by its report', async () => {
    const gate = new RecordingSignboard('gate')
    gate.health = { ok: false, message: 'no port' }
    const { control, clock } = start(gate)
    control.show('item', content('a'), 'notice')
    await clock.advance(5000)
    expect(control.clear('item')).toEqual({ signs: ['gate'], shownSeconds: 0, worked: false })
  })

  test('how it is known what a sign shows is told of signs that work', () => {
    const [gate, yard] = [new RecordingSignboard('gate'), new RecordingSignboard('yard')]
    const { control } = start(gate, yard)
    gate.proof = 'acknowledged'
    yard.health = { ok: false, message: 'no port' }
    expect(control.proofs()).toEqual({ gate: 'acknowledged' })
  })

  test('a sign knows of a page whether it belongs to an alert', () => {
    const gate = new RecordingSignboard('gate')
    const { control } = start(gate)
    control.show('item', content('một'), 'programme')
    expect(gate.frames.at(-1)?.manner).toMatchObject({ mode: 'still', urgent: false })
    control.show('alert', content('lũ'), 'alert', 'emergency')
    expect(gate.frames.at(-1)?.manner).toMatchObject({ urgent: true })
    control.clear('alert')
    expect(gate.frames.at(-1)?.manner).toMatchObject({ urgent: false })
  })

  test('a sign whose controller draws text has it without accents, which is reported', () => {
    const gate = new RecordingSignboard('gate', { width: 64, height: 16 }, 30, 'text')
    const { control, faults } = start(gate)
    control.show('item', { pages: [{ text: 'Họp thôn', seconds: 10, color: 'red' }] }, 'programme')
    expect(gate.text).toBe('Hop thon')
    expect(gate.frames.at(-1)?.manner).toEqual({ mode: 'still', color: [255, 0, 0], urgent: false })
    expect(faults).toEqual([{ owner: 'item', sign: 'gate', fault: { kind: 'unaccented' } }])
  })

  test('the same content shown again goes on where it is; a changed layer counts at once', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock } = start(gate)
    control.show('a', content('một', 'hai'), 'notice')
    control.show('b', content('ba'), 'notice', 'priority')
    expect(gate.text).toBe('ba')
    control.show('a', content('một', 'hai'), 'programme')
    expect(gate.text).toBe('một')
    await clock.advance(12_000)
    control.show('a', content('một', 'hai'), 'programme')
    expect(gate.text).toBe('hai')
    expect(control.shownSeconds('a')).toBe(12)
  })

  test('new content of the same owner is shown at once', () => {
    const gate = new RecordingSignboard('gate')
    const { control } = start(gate)
    control.show('a', content('cũ'), 'notice')
    control.show('a', content('mới'), 'notice')
    expect(gate.text).toBe('mới')
  })

  test('pictures are passed over and reported; a content of pictures alone is never shown', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock, faults } = start(gate)
    const image = { sha256: 'a'.repeat(64), bytes: 1, format: 'png', urls: [] } as const
    control.show('item', { pages: [{ image, seconds: 5 }] }, 'notice')
    await clock.advance(2000)
    expect(gate.pages).toEqual([''])
    expect(faults).toEqual([{ owner: 'item', sign: 'gate', fault: { kind: 'picture' } }])
    expect(control.clear('item').worked).toBe(false)
  })

  test('a board without signs takes everything and shows nothing', async () => {
    const { control, clock } = start()
    control.show('item', content('a'), 'programme')
    await clock.advance(1000)
    expect(control.clear('item')).toEqual({ signs: [], shownSeconds: 0, worked: false })
    expect(control.clear('nobody')).toEqual({ signs: [], shownSeconds: 0, worked: false })
  })

  test('at the end the signs are dark and closed', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock, events } = begin([gate])
    control.show('item', content('a'), 'programme')
    await clock.advance(1000)
    await control[Symbol.asyncDispose]()
    expect(gate.text).toBe('')
    expect(gate.closed).toBe(true)
    expect(clock.sleeping).toBe(0)
    expect(events).toEqual([])
  })

  test('a fault of the control itself is told', async () => {
    const gate = new RecordingSignboard('gate')
    gate.show = () => {
      throw new Error('not allowed by the port')
    }
    const { events, clock } = begin([gate])
    await clock.advance(0)
    expect(events).toEqual(['failed: Error: not allowed by the port'])
  })
})
