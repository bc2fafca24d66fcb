import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepareSpeech } from '../../../agent/core/speech/prepare.ts'

const read = (text: string): string => prepareSpeech(text, 'vi')
type Examples = readonly (readonly [written: string, spoken: string])[]

const NUMBERS: Examples = [
  ['0', 'không'],
  ['4', 'bốn'],
  ['10', 'mười'],
  ['14', 'mười bốn'],
  ['15', 'mười lăm'],
  ['20', 'hai mươi'],
  ['21', 'hai mươi mốt'],
  ['24', 'hai mươi tư'],
  ['25', 'hai mươi lăm'],
  ['55', 'năm mươi lăm'],
  ['100', 'một trăm'],
  ['105', 'một trăm linh năm'],
  ['111', 'một trăm mười một'],
  ['115', 'một trăm mười lăm'],
  ['1.005', 'một nghìn không trăm linh năm'],
  ['1.050', 'một nghìn không trăm năm mươi'],
  ['2026', 'hai nghìn không trăm hai mươi sáu'],
  ['10.000', 'mười nghìn'],
  ['1.000.000', 'một triệu'],
  ['1.000.005', 'một triệu không trăm linh năm'],
  ['1,000,000', 'một triệu'],
  ['2.500.000.000', 'hai tỷ năm trăm triệu'],
  ['1000000001', 'một tỷ không trăm linh một'],
  ['3,5', 'ba phẩy năm'],
  ['3,14', 'ba phẩy mười bốn'],
  ['3,05', 'ba phẩy không năm'],
  ['1.234,5', 'một nghìn hai trăm ba mươi tư phẩy năm'],
  ['2.5', 'hai chấm năm'],
  ['05 xã', 'năm xã'],
  ['007', 'không không bảy'],
  ['1234567890123456789', 'một hai ba bốn năm sáu bảy tám chín không một hai ba bốn năm sáu bảy tám chín'],
  ['5-10 hộ', 'năm đến mười hộ'],
  ['thứ 4', 'thứ tư'],
  ['quý III', 'quý ba'],
  ['Đại hội XIV', 'Đại hội mười bốn'],
  ['Covid-19', 'Covid mười chín'],
  ['H5N1', 'hát năm nờ một'],
  ['< 5 tuổi', 'dưới năm tuổi'],
  ['>= 60 tuổi', 'từ sáu mươi tuổi'],
]
const TELEPHONES: Examples = [
  ['0912 345 678', 'không chín một hai, ba bốn năm, sáu bảy tám'],
  ['+84 912 345 678', 'không chín một hai, ba bốn năm, sáu bảy tám'],
  ['0273.3871.234', 'không hai bảy ba ba, tám bảy một, hai ba bốn'],
  ['gọi 114', 'gọi một một bốn'],
]
const MOMENTS: Examples = [
  ['19:30', 'mười chín giờ ba mươi phút'],
  ['07:05', 'bảy giờ năm phút'],
  ['5:00', 'năm giờ'],
  ['19:30:15', 'mười chín giờ ba mươi phút mười lăm giây'],
  ['19h30', 'mười chín giờ ba mươi phút'],
  ["7g30'", 'bảy giờ ba mươi phút'],
  ['7 giờ 30', 'bảy giờ ba mươi'],
  ['5h-7h', 'năm giờ đến bảy giờ'],
  ['10:00-11:30', 'mười giờ đến mười một giờ ba mươi phút'],
  ['25/11', 'ngày hai mươi lăm tháng mười một'],
  ['ngày 25/11', 'ngày hai mươi lăm tháng mười một'],
  ['mùng 1/5', 'mùng một tháng năm'],
  ['ngày 4/4', 'ngày bốn tháng tư'],
  ['30/4/1975', 'ngày ba mươi tháng tư năm một nghìn chín trăm bảy mươi lăm'],
  ['25-11-2026', 'ngày hai mươi lăm tháng mười một năm hai nghìn không trăm hai mươi sáu'],
  ['2026-11-25', 'ngày hai mươi lăm tháng mười một năm hai nghìn không trăm hai mươi sáu'],
  ['20-25/11', 'từ ngày hai mươi đến ngày hai mươi lăm tháng mười một'],
  ['25/11-30/11', 'ngày hai mươi lăm tháng mười một đến ngày ba mươi tháng mười một'],
  ['tháng 11/2026', 'tháng mười một năm hai nghìn không trăm hai mươi sáu'],
  ['tháng 4', 'tháng tư'],
  ['2/3 số hộ', 'hai phần ba số hộ'],
  ['số nhà 12/5', 'số nhà mười hai trên năm'],
  ['32/13', 'ba mươi hai trên mười ba'],
  ['25:70', 'hai mươi lăm:bảy mươi'],
]
const UNITS: Examples = [
  ['40 km/h', 'bốn mươi ki lô mét trên giờ'],
  ['-5°C', 'âm năm độ xê'],
  ['90%', 'chín mươi phần trăm'],
  ['500.000đ', 'năm trăm nghìn đồng'],
  ['50k', 'năm mươi nghìn'],
  ['500.000 đồng/tháng', 'năm trăm nghìn đồng một tháng'],
  ['200 người/km2', 'hai trăm người trên ki lô mét vuông'],
  ['1.200 m3/s', 'một nghìn hai trăm mét khối trên giây'],
  ['0,5 ha', 'không phẩy năm héc ta'],
  ['220V', 'hai trăm hai mươi vôn'],
  ['$5', 'năm đô la'],
]
const WORDS: Examples = [
  ['UBND', 'Ủy ban nhân dân'],
  ['HĐND, UBND xã', 'Hội đồng nhân dân, Ủy ban nhân dân xã'],
  ['QL1A', 'quốc lộ một A'],
  ['TP. Mỹ Tho, P.5', 'thành phố Mỹ Tho, phường năm'],
  ['v/v họp', 'về việc họp'],
  ['THÔNG BÁO KHẨN', 'THÔNG BÁO KHẨN'],
  ['A & B', 'A và bê'],
  ['xem https://baoapbac.vn/tin?x=1 nhé', 'xem baoapbac chấm vn nhé'],
  ['1. Họp\n2. Bầu cử', 'một. Họp. hai. Bầu cử'],
  ['Hết…', 'Hết.'],
]
const MARKUP: Examples = [
  ["Họp <b>thôn</b> <break time='1s'/>tối nay", 'Họp thôn tối nay'],
  ['<speak><voice name="en">Chào</voice></speak>', 'Chào'],
  ['<!-- ẩn --><?xml version="1.0"?>Chào', 'Chào'],
  ['&lt;break/&gt; Chào', 'break, Chào'],
  ['[[ha1o]] Chào', 'ha một o, Chào'],
  ['\u0001100S Chào\u0000', 'một trăm sờ Chào'],
  ['Xin\u200b \u202echào', 'Xin chào'],
  ['**Họp** _thôn_ #1', 'Họp thôn một'],
  ['Ho\u0323p', 'Họp'],
  ['***', ''],
]

describe.each([
  ['numbers', NUMBERS],
  ['telephone numbers', TELEPHONES],
  ['dates and times', MOMENTS],
  ['units', UNITS],
  ['words', WORDS],
  ['markup', MARKUP],
])('%s', (_name, examples) => {
  test.each(examples)('%j is read as it is said', (written, spoken) => {
    expect(read(written)).toBe(spoken)
  })
})

test('a whole notice is read as a reader would', () => {
  expect(
    read(
      'UBND xã thông báo: 19:30 ngày 25/11/2026, mời 1.205 hộ dân TDP 4 dự họp. Gió giật cấp 10 (89-102 km/h).',
    ),
  ).toBe(
    'Ủy ban nhân dân xã thông báo: mười chín giờ ba mươi phút ngày hai mươi lăm tháng mười một năm hai nghìn ' +
      'không trăm hai mươi sáu, mời một nghìn hai trăm linh năm hộ dân tổ dân phố bốn dự họp. Gió giật cấp mười, ' +
      'tám mươi chín đến một trăm linh hai ki lô mét trên giờ.',
  )
})

test('another language keeps its figures for its own voice', () => {
  expect(prepareSpeech('Meeting <i>at</i> 19:30 on 25/11, 40% [[x]]', 'en')).toBe(
    'Meeting at 19:30 on 25/11, 40%, x',
  )
})

const noisy = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom(...'0123456789 .,:/-%hgkm°CđUBNDQLXIV<>[]&;+$\n'), maxLength: 400 }),
)

test('no text makes it throw, grow without bound, or let through what steers the synthesiser', () => {
  fc.assert(
    fc.property(noisy, fc.constantFrom('vi', 'vi-vn-x-south', 'en'), (text, language) => {
      const spoken = prepareSpeech(text, language)
      expect(spoken.length).toBeLessThanOrEqual(16 * text.length)
      expect(spoken).not.toMatch(/[[\]<>{}|\\^~\p{Cc}\p{Cf}]/u)
    }),
    { numRuns: 1000 },
  )
})

test('in Vietnamese no digit is left to the synthesiser', () => {
  fc.assert(
    fc.property(noisy, (text) => {
      expect(read(text)).not.toMatch(/[0-9]/)
    }),
    { numRuns: 1000 },
  )
})

test('the longest text of a document, all of one hard kind, is prepared quickly', () => {
  const started = performance.now()
  for (const unit of [
    '1',
    '1.',
    '1,',
    '1/',
    '<a',
    '12:',
    '0 ',
    '-',
    'Q',
    '&lt;',
    '[',
    'km/',
    '\n',
    ' ',
    '1-',
  ])
    read(unit.repeat(Math.ceil(5000 / unit.length)))
  expect(performance.now() - started).toBeLessThan(5000)
})
