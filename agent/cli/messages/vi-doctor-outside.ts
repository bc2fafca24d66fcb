import type { DoctorOutsideWords } from '../../core/doctor/outside-words.ts'
import type { DoctorWords } from '../../core/doctor/words.ts'

type ClockWords = Omit<DoctorWords['clock'], 'synced' | 'held' | 'offset' | 'stale' | 'unset'>

const UNITS: Readonly<Record<string, string>> = { minutes: 'phút', hours: 'giờ', days: 'ngày' }

const day = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`

const SET_CLOCK =
  'so với đồng hồ đeo tay: date; rồi: sudo timedatectl set-ntp true; timedatectl timesync-status; hoặc: sudo timedatectl set-time "..."'

export const viDoctorClock: ClockWords = {
  agrees: (source) => `đồng hồ khớp với ${source}`,
  differs: (source, amount, unit, ahead) => [
    `đồng hồ ${ahead ? 'nhanh' : 'chậm'} ${amount} ${UNITS[unit] ?? unit} so với ${source}`,
    SET_CLOCK,
  ],
  behindState: (writtenAt) => [
    `đồng hồ bị chậm: ở đây có tệp ghi lúc ${day(writtenAt)}, tức là ở tương lai`,
    SET_CLOCK,
  ],
  ntpOn: 'dịch vụ chỉnh giờ đang bật và đã chỉnh đồng hồ',
  ntpOff: ['chưa bật dịch vụ chỉnh giờ', 'gõ: sudo timedatectl set-ntp true; rồi: timedatectl'],
  ntpUnsynced: [
    'dịch vụ chỉnh giờ chưa chỉnh được đồng hồ',
    'có tới được máy chủ giờ (UDP cổng 123) không? timedatectl timesync-status (hoặc: chronyc sources)',
  ],
  rtc: 'đồng hồ pin trên bo chạy đúng',
  noRtc: 'không có đồng hồ pin: mất điện xong phải chờ lấy giờ từ mạng',
  rtcOff: (amount, unit) => [
    `đồng hồ pin trên bo lệch ${amount} ${UNITS[unit] ?? unit}`,
    'chỉnh lại: sudo hwclock --systohc; nếu ít lâu lại lệch thì thay pin',
  ],
}

const RENEW = 'báo tỉnh gia hạn chứng thư của máy chủ tin nhắn'

export const viDoctorOutside: DoctorOutsideWords = {
  names: {
    notNeeded: 'không phải tra tên miền: các máy chủ được ghi bằng địa chỉ IP',
    answered: 'máy chủ tên miền (DNS) trả lời',
    found: (host) => `tra được tên ${host}`,
    unknown: (host, where) => [
      `không có tên miền ${host}`,
      `ghi trong ${where} đúng chưa? getent hosts ${host}; resolvectl query ${host}; hỏi tỉnh`,
    ],
  },
  reach: {
    refused: () => 'không ai mở cổng đó',
    timeout: () => 'không trả lời kịp',
    route: () => 'không có đường tới đó',
    other: (detail) => detail,
  },
  certificate: {
    none: (url) => `kết nối ${url} không dùng TLS`,
    fine: (url, until) => `chứng thư của ${url} còn hạn đến ${day(until)}`,
    ends: (url, until) => [`chứng thư của ${url} hết hạn ngày ${day(until)}`, `${RENEW} trước ngày đó`],
    expired: (url, until) => [
      `chứng thư của ${url} đã hết hạn ngày ${day(until)}`,
      `nếu giờ máy đúng (gõ date) thì ${RENEW}`,
    ],
    notYet: (url, from) => [
      `chứng thư của ${url} đến ${day(from)} mới có hiệu lực`,
      'nhiều khả năng đồng hồ máy bị chậm: date; sudo timedatectl set-ntp true; nếu không thì chứng thư cấp cho ngày sau',
    ],
    untrusted: (url, detail) => [
      `chứng thư của ${url} không do nơi cấp trong mqtt.ca ký: ${detail}`,
      'đặt tệp của nơi cấp chứng thư của tỉnh vào mqtt.ca; mqtt.urls có đúng máy chủ không?',
    ],
    otherName: (url, detail) => [
      `chứng thư của ${url} cấp cho tên khác: ${detail}`,
      'ghi vào mqtt.urls tên có trong chứng thư, hoặc báo tỉnh cấp chứng thư cho tên này',
    ],
    noTls: (url) => [
      `${url} không dùng TLS ở cổng đó`,
      'mqtts:// cần cổng TLS, thường là 8883: sửa mqtt.urls',
    ],
    authority: (detail) => [
      `không dùng được mqtt.ca: ${detail}`,
      'đặt vào đó tệp của nơi cấp chứng thư của tỉnh (PEM), rồi: sudo loa config check',
    ],
  },
}
