import type { DoctorUpdateWords } from '../../core/doctor/update-words.ts'
import type { Messages } from './messages.ts'
import type { UpdateWords } from './update-words.ts'

export const viUpdate: UpdateWords = {
  label: 'Cập nhật',
  states: {
    idle: 'chưa có lần nào',
    refused: 'bị từ chối',
    waiting: 'đang chờ',
    fetching: 'đang tải',
    staged: 'đã sẵn sàng, chờ lúc máy rảnh',
    trial: 'đang chạy thử',
    done: 'xong',
    back: 'đã quay về bản cũ',
    failed: 'không thành công',
    cancelled: 'đã hủy',
  },
  waits: {
    'not-before': () => 'đến giờ đã hẹn',
    night: () => 'đến đêm hoặc khi có đường truyền không tốn tiền',
    server: () => 'máy chủ nội dung',
    disk: () => 'chỗ trống trên đĩa',
    media: () => 'các tệp của buổi phát tải xong',
    alert: (item) => `hết cảnh báo ${item}`,
    playing: (item) => `phát xong ${item}`,
    due: (item) => `sắp đến giờ phát ${item}`,
    selftest: () => 'chạy thử nghiệm thu xong',
    updater: () => 'chương trình cập nhật trả lời',
    update: () => 'lần cập nhật khác xong',
    certificate: () => 'chứng thư',
  },
  until: (time) => `đến ${time}`,
  which: 'cần tên tệp cập nhật (.loa), hoặc --status, hoặc --cancel',
  notRelease: (file) => `${file} không phải tệp cập nhật: tệp .loa phải bắt đầu bằng một dòng có chữ ký`,
  tooLarge: (file, mb) => `${file} lớn hơn mọi bản cập nhật (${mb} MB)`,
  sending: (file) => `Đang chuyển ${file} cho máy ...`,
  restarts: (version) =>
    `Máy khởi động lại và chạy thử bản ${version}. Chạy tốt thì giữ; không tốt thì máy tự quay về bản cũ. Xem: loa update --status`,
  left: 'Máy tự làm tiếp. Xem: loa update --status',
  stopped: 'đã dừng: chưa thay đổi gì',
  cancelled: 'Đã hủy.',
  nothingToCancel: 'Không có lần cập nhật nào hủy được: chưa có, hoặc máy đang chạy thử bản mới.',
}

export const viDoctorUpdate: DoctorUpdateWords = {
  none: 'không có lần cập nhật nào đang làm',
  underWay: (version, state) => `cập nhật lên ${version}: ${state}`,
  done: (version) => `lần cập nhật gần nhất đã xong: ${version}`,
  back: (version, why) => [
    `đã chạy thử bản ${version} và quay về bản cũ: ${why}`,
    'báo cho nơi làm ra bản đó; máy sẽ nhận bản có số cao hơn',
  ],
  refused: (why) => [`một lần cập nhật bị từ chối: ${why}`, 'xem: loa update --status và loa log --since 7d'],
  noKeys: [
    'có lệnh cập nhật, nhưng agent.yaml chưa ghi khóa của nơi phát hành phần mềm',
    'ghi khóa đó vào update.keys trong agent.yaml rồi khởi động lại',
  ],
}

export const viUpdateVerbs: Pick<Messages['verbs'], 'update'> = {
  update: {
    summary: 'nhận bản phần mềm có chữ ký và cho biết diễn biến',
    details:
      'Nhận một bản phần mềm trong một tệp (.loa), kiểm tra chữ ký theo update.keys trong agent.yaml rồi giải nén. Khi không có cảnh báo, không phát gì và trong mười phút tới không có buổi phát nào, máy khởi động lại với bản mới. Chạy tốt vài phút (update.trialMinutes) thì giữ; không tốt thì máy tự quay về bản cũ.\nBấm Ctrl-C sau khi máy đã nhận tệp thì máy tự làm tiếp. --status cho biết lần gần nhất đến đâu, --cancel hủy lần chưa chạy thử.',
    examples: ['từ USB', 'xem đến đâu', 'hủy'],
  },
}
