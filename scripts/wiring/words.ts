import type { InputRole } from '../../agent/core/configuration.ts'

/** The same in Vietnamese and English. */
export type Both = { readonly vi: string; readonly en: string }

export const ROLE: Readonly<Record<InputRole, Both>> = {
  mains: { vi: 'Có điện lưới', en: 'mains present' },
  tamper: { vi: 'Hộp bị mở', en: 'box opened' },
  emergency: { vi: 'Nút báo động', en: 'alarm button' },
  fault: { vi: 'Thiết bị báo hỏng', en: 'equipment faulty' },
  door: { vi: 'Cửa mở', en: 'door open' },
}

export const level = (activeLow: boolean): Both =>
  activeLow ? { vi: 'mức thấp', en: 'low' } : { vi: 'mức cao', en: 'high' }

/** What else may be on a pin. */
export const ALSO: Readonly<Record<string, string>> = {
  i2c: 'I2C',
  spi: 'SPI',
  uart: 'UART',
  i2s: 'I2S',
  id: 'HAT ID',
  system: 'bo mạch / board',
}
