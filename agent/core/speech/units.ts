/** Names of units that follow a number. */
const UNITS: Readonly<Record<string, string>> = {
  '°C': 'độ xê',
  ºC: 'độ xê',
  '°': 'độ',
  '%': 'phần trăm',
  '‰': 'phần nghìn',
  cm: 'xen ti mét',
  dB: 'đề xi ben',
  đ: 'đồng',
  dm: 'đề xi mét',
  g: 'gam',
  GB: 'gi ga bai',
  h: 'giờ',
  ha: 'héc ta',
  k: 'nghìn',
  kg: 'ki lô gam',
  km: 'ki lô mét',
  km2: 'ki lô mét vuông',
  'km²': 'ki lô mét vuông',
  'km/h': 'ki lô mét trên giờ',
  kV: 'ki lô vôn',
  kW: 'ki lô oát',
  kWh: 'ki lô oát giờ',
  l: 'lít',
  m: 'mét',
  'm/s': 'mét trên giây',
  m2: 'mét vuông',
  'm²': 'mét vuông',
  m3: 'mét khối',
  'm³': 'mét khối',
  'm3/s': 'mét khối trên giây',
  'm³/s': 'mét khối trên giây',
  MB: 'mê ga bai',
  mg: 'mi li gam',
  ml: 'mi li lít',
  mm: 'mi li mét',
  MW: 'mê ga oát',
  tr: 'triệu',
  V: 'vôn',
  W: 'oát',
  $: 'đô la',
  '€': 'ơ rô',
}

const escaped = (text: string): string => text.replaceAll(/[$/]/g, String.raw`\$&`)
const NAMES = Object.keys(UNITS)
  .sort((a, b) => b.length - a.length)
  .map(escaped)
  .join('|')
const AFTER_NUMBER = new RegExp(String.raw`(?<=\d)\s?(${NAMES})(?![\p{L}\p{N}²³])`, 'gu')
const PER_UNIT = /(?<=\p{L})\/(kg|km2|km²|km|m2|m²|m3|m³|ha|kWh|lít)(?![\p{L}\p{N}²³])/gu
const PER_TIME =
  /(?<=\p{L})\/(?=(?:tháng|ngày|năm|giờ|tuần|quý|vụ|lần|hộ|người|khẩu|suất|tấn|lít)(?!\p{L}))/gu
const DOLLARS = /\$\s?(\d[\d.,]{0,20}\d|\d)/gu

/** 40 km/h, 25°C, 90%, 500.000đ, người/km2, đồng/tháng. */
export const readUnits = (text: string): string =>
  text
    .replaceAll(DOLLARS, '$1 đô la')
    .replaceAll(AFTER_NUMBER, (_found: string, unit: string) => ` ${UNITS[unit] ?? unit}`)
    .replaceAll(PER_UNIT, (_found: string, unit: string) => ` trên ${UNITS[unit] ?? unit}`)
    .replaceAll(PER_TIME, ' một ')
