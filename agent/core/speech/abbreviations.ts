/** What notices of communes shorten. Only what has one meaning in them stands here. */
const WORDS: Readonly<Record<string, string>> = {
  ANTT: 'an ninh trật tự',
  ATGT: 'an toàn giao thông',
  ATTP: 'an toàn thực phẩm',
  BCĐ: 'Ban Chỉ đạo',
  BCHQS: 'Ban Chỉ huy Quân sự',
  BHTN: 'bảo hiểm thất nghiệp',
  BHXH: 'bảo hiểm xã hội',
  BHYT: 'bảo hiểm y tế',
  BTV: 'Ban Thường vụ',
  BVĐK: 'bệnh viện đa khoa',
  CBCC: 'cán bộ, công chức',
  CCB: 'cựu chiến binh',
  CCCD: 'căn cước công dân',
  CLB: 'câu lạc bộ',
  CMND: 'chứng minh nhân dân',
  CNCH: 'cứu nạn, cứu hộ',
  CNXH: 'chủ nghĩa xã hội',
  CSGT: 'cảnh sát giao thông',
  DQTV: 'dân quân tự vệ',
  ĐBQH: 'đại biểu Quốc hội',
  ĐBSCL: 'đồng bằng sông Cửu Long',
  ĐVTN: 'đoàn viên, thanh niên',
  GTVT: 'giao thông vận tải',
  'GD&ĐT': 'Giáo dục và Đào tạo',
  'GD-ĐT': 'Giáo dục và Đào tạo',
  HĐND: 'Hội đồng nhân dân',
  HLHPN: 'Hội Liên hiệp Phụ nữ',
  HTX: 'hợp tác xã',
  KCN: 'khu công nghiệp',
  KHHGĐ: 'kế hoạch hóa gia đình',
  KTTV: 'khí tượng thủy văn',
  'KT-XH': 'kinh tế, xã hội',
  LĐLĐ: 'Liên đoàn Lao động',
  MTTQ: 'Mặt trận Tổ quốc',
  'NN&PTNT': 'Nông nghiệp và Phát triển nông thôn',
  NTM: 'nông thôn mới',
  NVQS: 'nghĩa vụ quân sự',
  PCCC: 'phòng cháy, chữa cháy',
  PCTT: 'phòng, chống thiên tai',
  PTDS: 'phòng thủ dân sự',
  QĐ: 'quyết định',
  QL: 'quốc lộ',
  'QP-AN': 'quốc phòng, an ninh',
  SĐT: 'số điện thoại',
  SXH: 'sốt xuất huyết',
  TDP: 'tổ dân phố',
  TĐC: 'tái định cư',
  THCS: 'trung học cơ sở',
  THPT: 'trung học phổ thông',
  TKCN: 'tìm kiếm cứu nạn',
  TNCS: 'Thanh niên Cộng sản',
  TNHH: 'trách nhiệm hữu hạn',
  TNMT: 'Tài nguyên và Môi trường',
  TPHCM: 'Thành phố Hồ Chí Minh',
  'TP.HCM': 'Thành phố Hồ Chí Minh',
  'TP. HCM': 'Thành phố Hồ Chí Minh',
  TTHC: 'thủ tục hành chính',
  TTXVN: 'Thông tấn xã Việt Nam',
  TƯ: 'Trung ương',
  TW: 'Trung ương',
  UBBC: 'Ủy ban bầu cử',
  UBMTTQ: 'Ủy ban Mặt trận Tổ quốc',
  UBND: 'Ủy ban nhân dân',
  USD: 'đô la Mỹ',
  VND: 'đồng',
  VNĐ: 'đồng',
  VOV: 'vê ô vê',
  VSMT: 'vệ sinh môi trường',
  VTV: 'vê tê vê',
}

/** With their full stop, which ends no sentence; before a name or a number. */
const BEFORE_NAME: Readonly<Record<string, string>> = {
  'BS.': 'bác sĩ',
  'GS.': 'giáo sư',
  'P.': 'phường',
  'PGS.': 'phó giáo sư',
  'Q.': 'quận',
  'ThS.': 'thạc sĩ',
  'TP.': 'thành phố',
  'Tp.': 'thành phố',
  'TS.': 'tiến sĩ',
  'TT.': 'thị trấn',
  'TX.': 'thị xã',
}

const LOWER: Readonly<Record<string, string>> = {
  'đ/c': 'đồng chí',
  'k/g': 'kính gửi',
  'v.v': 'vân vân',
  'v/v': 'về việc',
}

const LETTERS: Readonly<Record<string, string>> = {
  B: 'bê',
  C: 'xê',
  D: 'dê',
  Đ: 'đê',
  F: 'ép',
  G: 'giê',
  H: 'hát',
  J: 'gi',
  K: 'ca',
  L: 'lờ',
  M: 'mờ',
  N: 'nờ',
  P: 'pê',
  Q: 'quy',
  R: 'rờ',
  S: 'sờ',
  T: 'tê',
  V: 'vê',
  W: 'vê kép',
  X: 'ích',
  Z: 'dét',
}

const escaped = (text: string): string => text.replaceAll('.', String.raw`\.`)
const anyOf = (table: object): string =>
  Object.keys(table)
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|')

const WORD = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${anyOf(WORDS)})(?!\p{L})`, 'gu')
const TITLE = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${anyOf(BEFORE_NAME)})(?=\s{0,2}(?:\p{Lu}|\d))`, 'gu')
const SHORT = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${anyOf(LOWER)})(?!\p{L})`, 'giu')
const SPELT = /(?<!\p{L})[BCDĐFGHJKLMNPQRSTVWXZ]{1,6}(?!\p{L})/gu

/** Abbreviations of offices in full. */
export const readAbbreviations = (text: string): string =>
  text
    .replaceAll(WORD, (found) => WORDS[found] ?? found)
    .replaceAll(TITLE, (found) => `${BEFORE_NAME[found] ?? found} `)
    .replaceAll(SHORT, (found) => LOWER[found.toLowerCase()] ?? found)

/** Capitals without a vowel are letters, not a word: espeak-ng would try English. */
export const spellLetters = (text: string): string =>
  text.replaceAll(SPELT, (found) => [...found].map((letter) => LETTERS[letter] ?? letter).join(' '))
