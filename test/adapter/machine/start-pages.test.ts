import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { giveBackStartPages, untouchedMappings } from '../../../drivers/native/start-pages.ts'

const mapping = (head: string, anonymousKib: number): string =>
  `${head}\nSize:                 16 kB\nRss:                  12 kB\nAnonymous:             ${anonymousKib} kB\nVmFlags: rd mr mw me\n`
const FILE = '08:01 1234                       /usr/bin/node'

const fileKib = (): number =>
  Number(/^RssFile:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])

describe('pages that only the start needed', () => {
  it('are those of programs and libraries, read and never written', () => {
    const smaps = [
      mapping(`00400000-00404000 r--p 00000000 ${FILE}`, 0),
      mapping(`00404000-00408000 r-xp 00004000 ${FILE}`, 0),
    ].join('')
    expect(untouchedMappings(smaps)).toEqual([
      { start: 0x400000, bytes: 0x4000, residentKib: 12 },
      { start: 0x404000, bytes: 0x4000, residentKib: 12 },
    ])
  })

  it.each([
    ['what the loader wrote before it locked it', mapping(`00400000-00404000 r--p 00000000 ${FILE}`, 4)],
    ['what may be written', mapping(`00400000-00404000 rw-p 00000000 ${FILE}`, 0)],
    ['what is shared with others', mapping(`00400000-00404000 r--s 00000000 ${FILE}`, 0)],
    [
      'what has no file',
      mapping('7ffe1000-7ffe2000 r-xp 00000000 00:00 0                          [vdso]', 0),
    ],
    ['a heap', mapping('7ffe1000-7ffe2000 r--p 00000000 00:00 0 ', 0)],
    ['a mapping that says nothing of itself', `00400000-00404000 r--p 00000000 ${FILE}\n`],
  ])('are not %s', (_what, smaps) => {
    expect(untouchedMappings(smaps)).toEqual([])
  })

  it('are given back, and the process goes on as if nothing had happened', () => {
    const before = fileKib()
    const given = giveBackStartPages()
    expect(given).toBeGreaterThan(10_000)
    expect(fileKib()).toBeLessThan(before - 10_000)
    expect(new Intl.DateTimeFormat('en', { timeZone: 'Asia/Ho_Chi_Minh', hour: 'numeric' }).format(0)).toBe(
      '8 AM',
    )
  })
})
