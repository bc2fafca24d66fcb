import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvText, readCsv } from '../../../scripts/provisioning/csv.ts'

const fieldsOf = (text: string): readonly (readonly string[])[] => readCsv(text).map(({ fields }) => fields)

describe('lists of receivers', () => {
  it('are read with commas, semicolons or tabulators, whatever the line ends, with a byte order mark or without', () => {
    for (const separator of [',', ';', '\t'])
      for (const end of ['\n', '\r\n', '\r'])
        expect(fieldsOf(`\uFEFFa${separator}b${end}1${separator}"x ""y""${separator}z"${end}`)).toEqual([
          ['a', 'b'],
          ['1', `x "y"${separator}z`],
        ])
  })

  it('leave out empty lines and count them', () => {
    expect(readCsv('a,b\n\n,\n1,2')).toEqual([
      { row: 1, fields: ['a', 'b'] },
      { row: 4, fields: ['1', '2'] },
    ])
  })

  it('tell the row of a quotation mark that never closes, and of text behind one that did', () => {
    expect(() => readCsv('a,b\n1,"x\n')).toThrow('row 2: a quotation mark opens')
    expect(() => readCsv('a,b\n"1"x,2\n')).toThrow('row 2: text goes on')
  })

  it('come back as they were written', () => {
    const field = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map((text) => `v${text.replaceAll('\r', '')}v`)
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })
    const heading = ['a', 'b', 'c', 'd']
    fc.assert(
      fc.property(rows, (all) => {
        expect(fieldsOf(csvText([heading, ...all]))).toEqual([heading, ...all])
      }),
    )
  })

  it('hold nothing that a spreadsheet runs', () => {
    expect(csvText([['=1+1', '@x']])).toBe("\uFEFF'=1+1,'@x\r\n")
  })
})
