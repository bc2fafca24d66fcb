import type { DoctorLinkWords } from '../../core/doctor/words.ts'
import type { LinkWords } from './messages.ts'

const BEARERS = {
  ethernet: 'mạng dây',
  wifi: 'mạng Wi-Fi',
  cellular: 'mạng di động',
  vpn: 'đường hầm VPN',
  none: 'KHÔNG CÓ MẠNG',
}

const NAMES: Readonly<Record<string, string>> = BEARERS

export const viLinks: LinkWords = {
  network: 'Mạng',
  data: 'Dữ liệu',
  bearers: BEARERS,
  modem: 'bộ modem',
  roaming: 'chuyển vùng',
  sims: { missing: 'KHÔNG CÓ SIM', locked: 'SIM BỊ KHÓA', failed: 'SIM HOẶC MODEM HỎNG' },
  used: (usedMb, monthlyMb, since) =>
    `đã dùng ${usedMb}${monthlyMb === undefined ? '' : ` trên ${monthlyMb}`} MB qua modem từ ${since}`,
}

export const viDoctorLink: DoctorLinkWords = {
  up: (bearer, device) =>
    `thiết bị ra mạng qua ${NAMES[bearer] ?? bearer}${device === '' ? '' : ` (${device})`}`,
  none: [
    'không có mạng: dây mạng, Wi-Fi và modem đều không ra được',
    'xem dây, ăng ten và SIM; rồi: ip -brief address; ip route; nmcli device (hoặc: networkctl)',
  ],
  dns: [
    'không máy chủ tên miền (DNS) nào trả lời: không tra được tên máy chủ',
    'đang hỏi máy nào? cat /etc/resolv.conf; resolvectl status; đặt máy khác trong cấu hình mạng',
  ],
  portal: (detail) => [
    `trang đăng nhập của mạng đang chặn đường: ${detail}`,
    'đăng nhập cho thiết bị này, hoặc xin cho qua theo địa chỉ MAC: ip -brief link',
  ],
  noInternet: (detail) => [
    `có mạng, nhưng bên ngoài không ai trả lời: ${detail}`,
    'bộ định tuyến có nối không, SIM còn cước không? ping -c 3 8.8.8.8; khởi động lại bộ định tuyến; hỏi nhà mạng',
  ],
  modem: (detail) => [
    `không dùng được modem: ${detail}`,
    'xem: mmcli -m any; SIM, dây và nguồn của modem; rồi: sudo systemctl restart ModemManager',
  ],
  data: (detail) => [
    `đã dùng gần hết dữ liệu trong tháng: ${detail}`,
    'cái gì tốn dữ liệu? loa media; tiếp sóng; tăng network.data.monthlyMb nếu hợp đồng cho phép',
  ],
  local: 'thiết bị không có đường ra ngoài; máy chủ tin nhắn nằm trên máy hoặc trong mạng nội bộ',
  free: 'không có trang đăng nhập hay đường truyền hỏng chắn lối',
  signal: (bearer, dbm) => `sóng ${NAMES[bearer] ?? bearer}: ${dbm} dBm`,
  weak: (bearer, dbm) => [
    `sóng ${NAMES[bearer] ?? bearer} yếu: ${dbm} dBm`,
    'dời hoặc nâng ăng ten ra ngoài hộp sắt; xem dây và giắc ăng ten; thử nhà mạng khác; rồi: loa status',
  ],
  modemFine: (model, state) => `modem ${model === '' ? '' : `${model} `}${state}, SIM tốt`,
  dataUsed: (mb, since) => `đã dùng ${mb} MB qua modem từ ${since}`,
}
