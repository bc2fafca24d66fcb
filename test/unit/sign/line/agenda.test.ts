import { describe, expect, test } from 'vitest'
import { AMBER } from '../../../../agent/core/sign/color.ts'
import {
  type LineHabits,
  type LineState,
  nextStep,
  samePicture,
} from '../../../../drivers/signboard/line/agenda.ts'
import type { Picture } from '../../../../drivers/signboard/line/codec.ts'

const picture = (value: number, urgent = false): Picture => ({
  frame: { width: 1, height: 1, rgb: Uint8Array.of(value, value, value) },
  text: `${value}`,
  manner: { mode: 'still', color: AMBER, urgent },
  percent: 100,
})
const LONG_AGO = Number.NEGATIVE_INFINITY
const IDLE: LineState = {
  open: true,
  greeted: true,
  retryAt: LONG_AGO,
  latest: undefined,
  delivered: undefined,
  deliveredAt: LONG_AGO,
  answeredAt: LONG_AGO,
  ending: false,
}
const SILENT: LineHabits = {
  reassertMs: 10_000,
  pingMs: 3000,
  storedApartMs: 60_000,
  takes: 'raster',
  answers: false,
  storesPages: false,
}
const ANSWERING: LineHabits = { ...SILENT, answers: true }
const STORING: LineHabits = { ...ANSWERING, storesPages: true }
const NEVER = Number.POSITIVE_INFINITY

describe('what a line does next', () => {
  test('a closed port: nothing', () => {
    expect(nextStep({ ...IDLE, open: false, latest: picture(1) }, SILENT, 0)).toBe(NEVER)
  })

  test('an open port is greeted first', () => {
    expect(nextStep({ ...IDLE, greeted: false, latest: picture(1) }, SILENT, 0)).toBe('greet')
  })

  test('after a failure it waits a moment', () => {
    expect(nextStep({ ...IDLE, greeted: false, retryAt: 500 }, SILENT, 200)).toBe(300)
  })

  test('what is new goes at once', () => {
    const state = { ...IDLE, latest: picture(2), delivered: picture(1), deliveredAt: 0, answeredAt: 0 }
    expect(nextStep(state, ANSWERING, 1)).toBe('deliver')
  })

  test('the same is said again after a while', () => {
    const state = { ...IDLE, latest: picture(1), delivered: picture(1), deliveredAt: 0 }
    expect(nextStep(state, SILENT, 4000)).toBe(6000)
    expect(nextStep(state, SILENT, 10_000)).toBe('deliver')
  })

  test('a controller that answers is asked when it has said nothing for a while', () => {
    const state = { ...IDLE, latest: picture(1), delivered: picture(1), deliveredAt: 0, answeredAt: 0 }
    expect(nextStep(state, ANSWERING, 1000)).toBe(2000)
    expect(nextStep(state, ANSWERING, 3000)).toBe('ping')
  })

  describe('a controller that keeps pages in flash', () => {
    const kept: LineState = {
      ...IDLE,
      latest: picture(1),
      delivered: picture(1),
      deliveredAt: 0,
      answeredAt: 0,
    }

    test('is never written the same again', () => {
      expect(nextStep({ ...kept, answeredAt: 1_000_000 }, STORING, 1_000_000)).toBe(3000)
    })

    test('has a new page at most once a minute', () => {
      const state = { ...kept, latest: picture(2), answeredAt: 59_000 }
      expect(nextStep(state, STORING, 59_500)).toBe(500)
      expect(nextStep(state, STORING, 60_000)).toBe('deliver')
    })

    test('has an alert at once, and loses it at once', () => {
      expect(nextStep({ ...kept, latest: picture(2, true) }, STORING, 1)).toBe('deliver')
      expect(nextStep({ ...kept, delivered: picture(2, true) }, STORING, 1)).toBe('deliver')
    })

    test('has the further panels of an alert at most once a minute', () => {
      const [one, other] = [picture(1, true), { ...picture(2, true), text: '1' }]
      const state = { ...kept, delivered: one, latest: other, answeredAt: 59_000 }
      expect(nextStep(state, STORING, 59_500)).toBe(500)
      expect(nextStep(state, STORING, 60_000)).toBe('deliver')
    })

    test('is left as it should be when the agent stops', () => {
      expect(nextStep({ ...kept, latest: picture(2), ending: true }, STORING, 1)).toBe('deliver')
    })
  })
})

describe('the same picture', () => {
  test('is one of equal pixels, for a sign that takes pixels', () => {
    expect(samePicture(picture(1), { ...picture(1), text: 'another' }, 'raster')).toBe(true)
    expect(samePicture(picture(1), picture(2), 'raster')).toBe(false)
  })

  test('is one of equal text in the same manner, for a sign that takes text', () => {
    expect(samePicture(picture(1), { ...picture(2), text: '1' }, 'text')).toBe(true)
    expect(samePicture(picture(1), picture(1, true), 'text')).toBe(false)
  })

  test('is never one of another brightness', () => {
    expect(samePicture(picture(1), { ...picture(1), percent: 50 }, 'raster')).toBe(false)
  })
})
