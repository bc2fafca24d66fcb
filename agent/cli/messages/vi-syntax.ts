import type { Messages } from './messages.ts'
import { viSetupOptions } from './vi-setup.ts'

export const viManual: Messages['manual'] = {
  name: 'TÊN',
  synopsis: 'CÁCH DÙNG',
  description: 'MÔ TẢ',
  about:
    'Xem và ra lệnh tại chỗ cho chương trình phát thanh và hiển thị bảng tin của thiết bị này. Phần lớn các lệnh hỏi chương trình đang chạy qua socket điều khiển: nhóm loa được xem, nhóm loa-admin được ra lệnh. Hãy bắt đầu bằng "loa status"; khi có gì không ổn thì "loa doctor".',
  verbs: 'CÁC LỆNH',
  options: 'TÙY CHỌN CỦA MỌI LỆNH',
  exit: 'MÃ THOÁT',
  files: 'CÁC TỆP',
  see: 'XEM THÊM',
  purpose: {
    config: 'cấu hình của thiết bị này',
    boards: 'các bo mạch được biết',
    state: 'những gì đã phát, và âm thanh sẽ phát',
    socket: 'nơi chương trình đang chạy trả lời',
  },
}

export const viOptions: Messages['options'] = {
  config: 'tệp cấu hình (nếu không: LOA_CONFIG, rồi /etc/loa/agent.yaml)',
  days: 'xem mấy ngày, từ 1 đến 35 (1)',
  follow: 'in tiếp bản ghi mới cho đến khi bấm Ctrl-C',
  from: 'replay: hiện từ bước có số này; setup: tệp ghi sẵn câu trả lời',
  help: 'xem hướng dẫn này',
  json: 'in JSON cho chương trình khác đọc',
  lang: 'ngôn ngữ hiển thị (nếu không: theo locale)',
  out: 'ghi vào tệp này; tệp phải chưa có',
  seconds: 'trong bao nhiêu giây',
  since: 'kể từ: 30m, 2h, 7d, hoặc 2026-11-22T05:00:00+07:00',
  class: 'normal, priority hoặc emergency: cắt ngang bản tin nào, chờ bản tin nào (mặc định normal)',
  status: 'xem lần gần nhất đến đâu',
  cancel: 'hủy lần chưa chạy thử',
  step: 'hiện từng bước và quyết định của nó',
  sweep: 'âm thử tăng dần từ 100 đến 10000 Hz, trong 10 giây',
  tone: 'âm thử tần số này, 20 đến 20000 Hz, thay cho tệp',
  volume: 'âm lượng phần trăm, 0 đến 100 (70)',
  watch: 'xem liên tục, bấm q hoặc Ctrl-C để thoát',
  color: 'tên màu hoặc #rrggbb của chữ',
  only: 'chỉ những nhóm kiểm tra này: identity, versions, unit, board, power, temperature, storage, clock, network, dns, broker, subscriptions, trust, content, media, decoder, sound, amplifier, sign, outbox',
  mode: 'still, scroll hoặc flip',
  report: 'nơi ghi biên bản: tên tệp .html hoặc .json (ghi cả hai), hoặc thư mục',
  unattended: 'không hỏi ai; chỉ thử những gì máy tự đo được',
  png: 'ghi ảnh các điểm LED vào tệp này',
  schedule: 'các trang của một tài liệu lịch',
  sign: 'chỉ trên các bảng này',
  size: 'số điểm LED của bảng; 64x16 nếu không ghi',
  ...viSetupOptions,
}
