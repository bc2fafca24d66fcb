import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cardOfDevice, isHatCard } from '../../../agent/core/board/sound-card.ts'
import { alsaName } from '../../../drivers/audio/card-link.ts'

describe('the name of a sound device', () => {
  test.each([
    ['plughw:CARD=Device', 'Device'],
    ['plughw:CARD=Device,DEV=0', 'Device'],
    ['hw:1,0', '1'],
    ['sysdefault:CARD=sndrpihifiberry', 'sndrpihifiberry'],
    ['/dev/snd/by-path/pci-0000:00:14.0-usb-0:1:1.0', '/dev/snd/by-path/pci-0000:00:14.0-usb-0:1:1.0'],
    ['default', undefined],
  ])('%s says that the card is %s', (device, card) => expect(cardOfDevice(device)).toBe(card))

  test('is left as it is where it is no link', () => {
    expect(alsaName('plughw:CARD=Device')).toBe('plughw:CARD=Device')
  })

  test('that leads to no card says where one should be plugged in', () => {
    expect(() => alsaName('/dev/snd/by-id/usb-nobody-00')).toThrow(
      'no sound card is plugged in at /dev/snd/by-id',
    )
  })

  test('that is a link is the card that it leads to now', () => {
    const root = mkdtempSync(join(tmpdir(), 'loa-snd-'))
    mkdirSync(join(root, 'dev/snd/by-path'), { recursive: true })
    for (const node of ['controlC3', 'pcmC3D0p']) writeFileSync(join(root, 'dev/snd', node), '')
    symlinkSync('../controlC3', join(root, 'dev/snd/by-path/socket-1'))
    expect(alsaName('/dev/snd/by-path/socket-1', root)).toBe('plughw:3')
    expect(() => alsaName('/dev/snd/pcmC3D0p', root)).toThrow('is no link to a sound card')
    rmSync(root, { recursive: true })
  })

  test('tells a HAT from a card on USB', () => {
    expect([isHatCard('sndrpihifiberry'), isHatCard('Device')]).toEqual([true, false])
  })
})
