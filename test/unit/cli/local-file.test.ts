import { describe, expect, test } from 'vitest'
import { formatOf } from '../../../agent/cli/local-file.ts'

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('the format of a file', () => {
  test.each([
    ['MP3 with a tag', latin('ID3\x04\0\0\0\0\0\0'), 'mp3'],
    ['MP3 without', Buffer.from([0xff, 0xfb, 0x90, 0x00]), 'mp3'],
    ['MPEG-2 layer III', Buffer.from([0xff, 0xf3, 0x40, 0xc0]), 'mp3'],
    ['ADTS', Buffer.from([0xff, 0xf1, 0x50, 0x80]), 'aac'],
    ['ADTS of MPEG-2', Buffer.from([0xff, 0xf9, 0x50, 0x80]), 'aac'],
    ['Ogg', latin('OggS\0\x02'), 'ogg'],
    ['FLAC', latin('fLaC\0\0'), 'flac'],
    ['WAV', latin('RIFF\x24\0\0\0WAVEfmt '), 'wav'],
    ['MPEG-4', latin('\0\0\0\x20ftypM4A '), 'm4a'],
    ['AVI, which is RIFF too', latin('RIFF\x24\0\0\0AVI LIST'), undefined],
    ['HTML with the name of an MP3', latin('<!doctype html>'), undefined],
    ['one byte', Buffer.from([0xff]), undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ])('%s', (_what, head, format) => expect(formatOf(head)).toBe(format))
})
