import { describe, expect, test } from 'vitest'
import { PageFaults } from '../../agent/services/page-faults.ts'

describe('what of a page is not shown as it was meant', () => {
  const begin = () => {
    const events: unknown[] = []
    const faults = new PageFaults({
      emit: (code, severity, data) => events.push({ code, severity, ...data }),
    })
    return { events, faults }
  }

  test('a missing glyph is an event that names it', () => {
    const { events, faults } = begin()
    faults.report('75/26068/schedule/tin-1/1764124200000', 'gate', {
      kind: 'no-glyph',
      characters: ['😀', '\u20dd'],
    })
    expect(events).toEqual([
      {
        code: 'SIGN',
        severity: 'warning',
        source: 'sign gate',
        item: '75/26068/schedule/tin-1',
        fault: 'no-glyph',
        characters: '😀 U+1F600, \u20dd U+20DD',
      },
    ])
  })

  test('the same fault of the same item is told once, of another sign or item again', () => {
    const { events, faults } = begin()
    for (const owner of ['a/1/100', 'a/1/200', 'a/2/100']) faults.report(owner, 'gate', { kind: 'hurried' })
    faults.report('a/1/300', 'market', { kind: 'hurried' })
    expect(events).toHaveLength(3)
  })

  test('however many there are, little is remembered', () => {
    const { events, faults } = begin()
    for (let item = 0; item < 600; item += 1) faults.report(`a/i${item}/1`, 'gate', { kind: 'hurried' })
    faults.report('a/i599/1', 'gate', { kind: 'hurried' })
    expect(events).toHaveLength(600)
    faults.report('a/i0/1', 'gate', { kind: 'hurried' })
    expect(events).toHaveLength(601)
  })
})
