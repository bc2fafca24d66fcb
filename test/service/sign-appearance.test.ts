import { afterEach, describe, expect, test } from 'vitest'
import type { ImageRef, SignContent } from '../../agent/core/documents.ts'
import { PLAIN_LOOK } from '../../agent/core/sign/look.ts'
import { layTextPage } from '../../agent/core/sign/page.ts'
import type { Picture } from '../../agent/core/sign/picture.ts'
import { SignControl, type SignControlOptions } from '../../agent/services/sign-control.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { RecordingSignboard } from '../fakes/recording-signboard.ts'
import { silentLogger } from '../fakes/silent-logger.ts'

const content = (...texts: readonly string[]): SignContent => ({
  pages: texts.map((text) => ({ text, seconds: 10 })),
})

describe('how a sign looks', () => {
  const open: SignControl[] = []
  const begin = (signboards: readonly RecordingSignboard[], further: Partial<SignControlOptions> = {}) => {
    const clock = new ManualClock()
    const faults: string[] = []
    const control = new SignControl({
      signboards,
      clock,
      logger: silentLogger,
      onHealth: () => undefined,
      onPageFault: (_owner, _sign, fault) => faults.push(fault.kind),
      onFailure: (error) => faults.push(`failed: ${String(error)}`),
      ...further,
    })
    open.push(control)
    return { clock, control, faults }
  }
  afterEach(async () => {
    for (const control of open.splice(0)) await control[Symbol.asyncDispose]()
  })

  describe('while nobody has the sign', () => {
    const idlePages: SignControlOptions['idlePages'] = (_, panel) =>
      ['05:07', 'Xã Chợ Mới'].map((text) => ({ ...layTextPage({ text, seconds: 5 }, panel), text: '' }))
    const startIdle = (further: Partial<SignControlOptions> = {}) => {
      const gate = new RecordingSignboard('gate', { width: 128, height: 16 })
      const begun = begin([gate], { idlePages, ...further })
      const shows = (text: string): boolean => {
        const { rgb } = layTextPage({ text, seconds: 1 }, gate).draw(0)
        return Buffer.compare(gate.frames.at(-1)?.frame.rgb ?? new Uint8Array(), rgb) === 0
      }
      return { gate, shows, ...begun }
    }

    test('its idle pages take turns, and come back after anything', async () => {
      const { clock, control, shows, gate } = startIdle()
      expect(shows('05:07')).toBe(true)
      await clock.advance(5000)
      expect(shows('Xã Chợ Mới')).toBe(true)
      control.show('alert', content('LŨ'), 'alert')
      expect(gate.text).toBe('LŨ')
      await clock.advance(3000)
      control.clear('alert')
      expect(gate.text).toBe('')
      expect(shows('05:07') || shows('Xã Chợ Mới')).toBe(true)
    })

    test('in dark hours only what must be seen lights it', async () => {
      let dark = false
      const { clock, control, shows, gate } = startIdle({ lightOf: () => ({ percent: 100, dark }) })
      dark = true
      await clock.advance(1000)
      expect(shows('')).toBe(true)
      control.show('notice', content('chợ phiên'), 'notice')
      await clock.advance(1000)
      expect(shows('')).toBe(true)
      expect(control.shownSeconds('notice')).toBe(0)
      control.show('urgent', content('nước lên'), 'notice', 'priority')
      expect(gate.text).toBe('nước lên')
      control.clear('urgent')
      control.show('alert', content('LŨ'), 'alert')
      expect(gate.text).toBe('LŨ')
      control.clear('alert')
      expect(shows('')).toBe(true)
      dark = false
      await clock.advance(1000)
      expect(gate.text).toBe('chợ phiên')
    })
  })

  test('a sign is told its brightness at the start and when it changes', async () => {
    const gate = new RecordingSignboard('gate')
    let percent = 100
    const { clock } = begin([gate], { lightOf: () => ({ percent, dark: false }) })
    await clock.advance(5000)
    expect(gate.percents).toEqual([100])
    percent = 30
    await clock.advance(5000)
    expect(gate.percents).toEqual([100, 30])
  })

  test('a picture that is on the sign already is not sent again with the next page', async () => {
    const gate = new RecordingSignboard('gate')
    const { control, clock } = begin([gate])
    control.show('item', content('một', 'một'), 'notice')
    await clock.advance(30_000)
    expect(gate.frames).toHaveLength(2)
  })

  test('pages of alerts blink on a sign that is told so, other pages do not', async () => {
    const gate = new RecordingSignboard('gate')
    const lookOf = () => ({ ...PLAIN_LOOK, alerts: 'blink' as const })
    const { control, clock } = begin([gate], { lookOf })
    control.show('alert', content('LŨ'), 'alert')
    await clock.advance(3000)
    const lit = gate.frames.map(({ frame }) => frame.rgb.some((value) => value > 0))
    expect(lit).toEqual([false, true, false, true, false, true])
    control.clear('alert')
    control.show('item', content('tin'), 'programme')
    const before = gate.frames.length
    await clock.advance(9000)
    expect(gate.frames).toHaveLength(before)
  })

  describe('pictures', () => {
    const image: ImageRef = { sha256: 'ab'.repeat(32), bytes: 9, format: 'png', urls: [] }
    const red: Picture = {
      width: 64,
      height: 16,
      frames: [{ rgb: new Uint8Array(64 * 16 * 3).map((_, i) => (i % 3 === 0 ? 255 : 0)), ms: 1000 }],
    }
    const pages = [{ image, seconds: 5 }]

    test('one that is not ready yet gets its turn when it is', async () => {
      const gate = new RecordingSignboard('gate')
      let picture: Picture | 'waiting' = 'waiting'
      const { control, clock, faults } = begin([gate], { pictureFor: () => picture })
      control.show('item', { pages: [...pages, { text: 'Họp', seconds: 5 }] }, 'notice')
      expect(gate.text).toBe('Họp')
      await clock.advance(1000)
      const before = gate.frames.length
      control.mediaChanged()
      expect(gate.frames).toHaveLength(before)
      picture = red
      control.mediaChanged()
      expect(gate.text).toBe('[image abababab]')
      expect([...(gate.frames.at(-1)?.frame.rgb.subarray(0, 3) ?? [])]).toEqual([255, 0, 0])
      await clock.advance(5000)
      expect(gate.text).toBe('Họp')
      expect(faults).toEqual([])
    })

    test('one that cannot be shown is passed over, with a fault', () => {
      const gate = new RecordingSignboard('gate')
      const { control, faults } = begin([gate], { pictureFor: () => 'bad' })
      control.show('item', { pages: [...pages, { text: 'Họp', seconds: 5 }] }, 'notice')
      expect(gate.text).toBe('Họp')
      expect(faults).toEqual(['picture'])
    })

    test('a sign that draws text itself is given none', () => {
      const gate = new RecordingSignboard('gate', { width: 64, height: 16 }, 30, 'text')
      const { control, faults } = begin([gate], { pictureFor: () => red })
      control.show('item', { pages }, 'notice')
      expect(gate.frames.map(({ text }) => text)).toEqual([''])
      expect(faults).toEqual(['picture'])
    })
  })
})
