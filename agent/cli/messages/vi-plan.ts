import type { LogWords, MediaWords, ScheduleWords } from './plan-words.ts'

export const viSchedule: ScheduleWords = {
  empty: (from, until) => `Không có lịch phát từ ${from} đến ${until}.`,
  time: 'GIỜ',
  length: 'DÀI',
  class: 'LOẠI',
  area: 'ĐỊA BÀN',
  note: 'PHÁT',
  item: 'MỤC',
  signOnly: 'chỉ bảng tin',
  ready: 'có',
  waiting: 'CHƯA',
  refused: 'KHÔNG',
  day: (items, refused, conflicts) =>
    `${items} mục${refused === 0 ? '' : `, ${refused} mục không phát`}${conflicts === 0 ? '' : `, ${conflicts} mục trùng giờ`}`,
  conflicts: {
    first: (item) => `trùng giờ với ${item}: mục này phát trước`,
    waits: (item, time) => `trùng giờ với ${item}: chờ đến ${time}`,
    joins: (item, time) => `trùng giờ với ${item}: vào giữa chừng lúc ${time}, mất phần đầu`,
    resumed: (item, time) => `trùng giờ với ${item}: bị cắt lúc ${time}, sau đó phát tiếp`,
    restarted: (item, time) => `trùng giờ với ${item}: bị cắt lúc ${time}, sau đó phát lại từ đầu`,
    dropped: (item, time) => `trùng giờ với ${item}: bị cắt lúc ${time}, bỏ phần còn lại`,
    missed: (item, time) => `trùng giờ với ${item}: LỠ, đến ${time} thì đã quá hạn phát`,
  },
}

export const viMedia: MediaWords = {
  total: (present, wanted, usedMb, quotaMb) =>
    `sẵn sàng ${present} trên ${wanted} tệp, đã dùng ${usedMb} trên ${quotaMb} MB`,
  file: 'TỆP',
  format: 'LOẠI',
  size: 'CỠ',
  held: 'ĐÃ CÓ',
  state: 'TRẠNG THÁI',
  needed: 'CẦN LÚC',
  waits: (until) => `để tiết kiệm dữ liệu, chờ đến ${until}`,
  speed: (kibPerSecond, left) => `${kibPerSecond} KiB/giây, còn ${left}`,
}

export const viLog: LogWords = {
  empty: 'Không có bản ghi nào.',
  played: (seconds) => `${seconds} giây`,
  lost: 'chương trình đã dừng; đang chờ chạy lại (Ctrl-C để thoát)',
  back: 'chương trình đã chạy lại',
}
