import { describe, expect, it } from 'vitest'
import { givenBefore } from '../../../scripts/provisioning/ledger.ts'
import { readDevices } from '../../../scripts/provisioning/rows.ts'

const BOARDS = ['rpi-3b-plus', 'rpi-5']
const HEADING = 'province,commune,label,board,id,groups,languages,brokers'
const read = (...rows: readonly string[]) => readDevices([HEADING, ...rows].join('\n'), BOARDS)
const faultsOf = (act: () => unknown): readonly string[] => {
  try {
    act()
  } catch (error) {
    return String(error instanceof Error ? error.message : error).split('\n')
  }
  return []
}

describe('rows of receivers', () => {
  it('become receivers, with the board found by itself where none is named', () => {
    expect(read('75,26068,Ấp 1,,,north low,vi tyz,mqtts://b.example:8883')).toEqual([
      {
        ...{ row: 2, province: '75', commune: '26068', label: 'Ấp 1', board: 'auto' },
        ...{ groups: ['north', 'low'], languages: ['vi', 'tyz'], brokers: ['mqtts://b.example:8883'] },
      },
    ])
  })

  it('know Vietnamese headings, with marks and without', () => {
    expect(readDevices('Mã tỉnh;MA XA;Vị trí;Bo mạch\n01;00004;Chợ;rpi-5', BOARDS)).toMatchObject([
      { province: '01', commune: '00004', label: 'Chợ', board: 'rpi-5' },
    ])
  })

  it('tell every fault with its row and column at once', () => {
    expect(
      faultsOf(() => read('1,26068,A', '75,2606,', '75,26068,B,rpi-9,-x', '75,26068,C,,,,,ftp://x')),
    ).toEqual([
      expect.stringContaining('row 2, column province: "1"'),
      expect.stringContaining('row 3, column commune: "2606"'),
      expect.stringContaining('row 3, column label: empty'),
      expect.stringContaining('row 4, column board: "rpi-9"; wanted: auto, or one of rpi-3b-plus, rpi-5'),
      expect.stringContaining('row 4, column id: "-x"'),
      expect.stringContaining('row 5, column brokers: "ftp://x"'),
    ])
  })

  it('are refused when two have one label in a commune, or one id', () => {
    expect(faultsOf(() => read('75,26068,A,,d-2', '75,26068,a,,d-2', '75,26069,A'))).toEqual([
      'row 3, column label: "a" stands in row 2 already; two receivers need two labels',
      'row 3, column id: d-2 stands in row 2 already',
    ])
  })

  it('are refused without a heading, with half of one, with one that nobody knows, and without receivers', () => {
    expect(faultsOf(() => readDevices('', BOARDS))[0]).toContain('is empty')
    expect(faultsOf(() => readDevices('province,label\n75,A', BOARDS))[0]).toContain('no column commune')
    expect(faultsOf(() => readDevices('province,commune,label,colour\n', BOARDS))[0]).toContain('"colour"')
    expect(faultsOf(() => read())[0]).toContain('no receiver')
  })

  it('are refused when the ledger has the place, unless it is meant or the id is named', () => {
    const before = [{ id: 'd-old', province: '75', commune: '26068', label: 'A', at: '2026-11-01T00:00:00Z' }]
    const told = [...givenBefore(read('75,26068,A'), before, false)]
    expect(told).toEqual([expect.stringContaining('"A" has a card since 2026-11-01, d-old')])
    expect([...givenBefore(read('75,26068,A'), before, true)]).toEqual([])
    expect([...givenBefore(read('75,26068,A,,d-old'), before, false)]).toEqual([])
    expect([...givenBefore(read('79,26068,B,,d-old'), before, false)]).toEqual([
      'row 2, column id: d-old was given out in province 75',
    ])
  })
})
