import { describe, expect, test } from 'vitest'
import { powerOnLevel } from '../../../agent/core/board/power-on.ts'

describe('what config.txt does to a pin at power-on', () => {
  test.each([
    ['gpio=17=op,dl', 'low'],
    ['gpio=17=op,dh', 'high'],
    ['  gpio=16-18,22=op,dl  # relays', 'low'],
    ['gpio=5,17=ip,pu', 'input'],
    ['gpio=17=op,dl\ngpio=17=op,dh', 'high'],
    ['gpio=17=op,dl\ngpio=17=pd', 'low'],
    ['gpio=18=op,dl', undefined],
    ['#gpio=17=op,dl', undefined],
    ['dtoverlay=gpio-fan,gpiopin=17', undefined],
    ['', undefined],
  ])('%j leaves line 17 %s', (text, level) => expect(powerOnLevel(text, 17)).toBe(level))
})
