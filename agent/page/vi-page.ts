import { vi } from '../cli/messages/vi.ts'
import type { PageWords, Words } from './page-words.ts'

const page: PageWords = {
  language: 'vi',
  title: (device) => `Loa ${device}`,
  device: 'Cụm loa',
  skip: 'Bỏ qua đầu trang',
  other: { language: 'en', name: 'English' },
  reload: 'Tải lại trang',
  lost: 'Mất liên lạc với máy: những gì ghi bên dưới đã cũ. Trang tự thử lại.',
  asOf: (time) => `Giờ trên máy: ${time}`,
  headline: {
    health: { ok: 'Máy chạy tốt', degraded: 'Máy vẫn phát được nhưng có lỗi', fault: 'Máy hỏng' },
    state: {
      idle: 'đang chờ giờ phát',
      playing: 'đang phát',
      alert: 'ĐANG CÓ CẢNH BÁO KHẨN CẤP',
      muted: 'ĐANG TẮT TIẾNG',
    },
    safeMode: 'Chế độ an toàn: một phần chương trình đang tạm tắt.',
  },
  todo: {
    heading: 'Việc cần làm',
    nothing: 'Không có việc gì cần làm.',
    urgent: 'Hỏng',
    soon: 'Nên xem',
    next: 'Cách làm',
    more: (count) => `Còn ${count} việc nữa, xem ở phần kiểm tra`,
  },
  now: {
    heading: 'Đang phát',
    nothing: 'Lúc này máy không phát gì.',
    progress: 'Đã phát được',
    of: (position, duration) => `${position} trên ${duration}`,
    since: (position) => `đã phát ${position}`,
  },
  next: { heading: 'Sắp phát', ready: 'sẵn sàng', notReady: 'chưa sẵn sàng' },
  signs: {
    heading: 'Bảng tin điện tử',
    shows: (id, text) => `Bảng ${id} đang hiện: ${text}`,
    picture: (id) => `Bảng ${id} đang hiện một hình`,
    dark: (id) => `Bảng ${id} đang tối, không hiện gì`,
    unknown: (id) => `Không biết bảng ${id} đang hiện gì`,
  },
  state: { heading: 'Tình trạng máy' },
  doctor: {
    heading: 'Kết quả tự kiểm tra',
    counts: (failed, warned, fine) => `${failed} mục hỏng, ${warned} mục nên xem, ${fine} mục tốt.`,
    show: (count) => `Xem cả ${count} mục`,
    levels: { ok: 'Tốt', warn: 'Nên xem', FAIL: 'Hỏng' },
    groups: {
      device: 'Máy và chương trình',
      board: 'Bo mạch',
      trust: 'Khóa và chữ ký',
      documents: 'Văn bản và lịch',
      network: 'Mạng và giờ',
      media: 'Tệp âm thanh',
      sound: 'Âm thanh và bảng tin',
    },
    onlyHere: 'Lệnh loa doctor gõ trên máy còn kiểm tra thêm bo mạch và tệp cấu hình.',
  },
  records: {
    heading: 'Hôm nay',
    nothing: 'Hôm nay chưa có gì.',
    show: (count) => `Xem thêm ${count} mục`,
    more: 'Còn nữa: gõ loa log --since 1d trên máy.',
  },
  footer: (version, board) => `loa-agent ${version}, bo mạch ${board}`,
  notices: {
    wanted: ['Cần mã truy cập', 'Hãy nhập mã truy cập của máy này. Mã do người cài đặt giữ.'],
    wrong: ['Mã truy cập không đúng', 'Hãy xem lại rồi nhập lần nữa.'],
    wait: ['Nhập sai quá nhiều lần', 'Hãy chờ một phút rồi nhập lại.'],
    entered: ['Mã truy cập đúng', 'Đang mở trang của máy.'],
    nowhere: ['Không có trang này', 'Địa chỉ không đúng.'],
    'read-only': ['Trang này chỉ để xem', 'Không thay đổi được gì ở đây.'],
    'wrong-host': [
      'Địa chỉ không phải của máy này',
      'Hãy mở bằng đúng địa chỉ IP của máy, hoặc http://localhost khi đi qua đường hầm SSH.',
    ],
    failed: ['Trang bị lỗi', 'Máy vẫn chạy bình thường. Xem: journalctl -u loa-agent'],
  },
  token: { label: 'Mã truy cập', enter: 'Vào xem' },
  goOn: 'Mở trang của máy',
}

export const viWords: Words = { page, say: vi }
