import { expect, test } from 'vitest'
import { voiceFor } from '../../../agent/core/speech/voice.ts'

test.each([
  ['vi', 'vi', 'vi'],
  ['vi-VN', 'vi', 'vi'],
  ['vi-VN-x-south', 'vi', 'vi-vn-x-south'],
  ['VI-vn-X-Central', 'vi', 'vi-vn-x-central'],
  ['vi-VN-x-hue', 'vi', 'vi'],
  ['en', 'vi', 'en-gb'],
  ['en-US', 'vi', 'en-us'],
  ['en-AU', 'vi', 'en-gb'],
  ['zh-Hant-TW', 'vi', 'cmn'],
  ['tyz', 'vi', 'vi'],
  ['hmn', 'vi-VN-x-south', 'vi-vn-x-south'],
  ['km', 'tyz', 'vi'],
  ['constructor', 'vi', 'vi'],
])('%s on a device whose first language is %s is spoken by the voice %s', (tag, device, name) => {
  expect(voiceFor(tag, device).name).toBe(name)
})

test.each([
  ['vi', 'vi', 'piper:vi'],
  ['vi-VN', 'vi', 'piper:vi'],
  ['vi-VN-x-south', 'vi', 'vi-vn-x-south'],
  ['km-KH', 'vi', 'piper:km'],
  ['tyz', 'vi', 'piper:vi'],
  ['en', 'vi', 'en-gb'],
  ['tyz', 'xx', 'piper:vi'],
])('%s on a device with voices of its own for vi and km, first language %s, is %s', (tag, device, name) => {
  expect(voiceFor(tag, device, new Set(['vi', 'km'])).name).toBe(name)
})
