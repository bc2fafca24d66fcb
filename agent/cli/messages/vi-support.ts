import type { Messages } from './messages.ts'
import type { SupportWords } from './support-words.ts'

export const viSupport: SupportWords = {
  bundle: {
    written: (file, kib) => `${file} (${kib} KiB)`,
    without: 'Chương trình không trả lời: gói chỉ có những gì trên đĩa và kết quả của doctor.',
    cut: (part, lines) => `${part}: bỏ bớt ${lines} dòng cũ nhất cho vừa dung lượng`,
    missing: (part, why) => `không có ${part}: ${why}`,
    exists: (file) => `đã có ${file}, giữ nguyên; hãy chọn tên khác bằng --out`,
    unwritable: (file, why) => `không ghi được ${file}: ${why}`,
    noServiceLog: 'systemd không lưu, hoặc tài khoản này không được xem',
    brokenOff: 'đã dừng giữa chừng: chưa có gói nào',
    next: 'Trong gói không có mật khẩu, khóa hay âm thanh. Hãy gửi cho bộ phận hỗ trợ; xem bên trong: tar -tzf TỆP',
  },
  replay: {
    what: 'hãy ghi tệp cần xét lại: một gói hỗ trợ (.tar.gz), hoặc tệp arbiter-inputs.jsonl trong gói',
    noInputs: (file) => `${file} không phải gói hỗ trợ có dữ liệu xét lại, cũng không phải tệp dữ liệu đó`,
    empty: 'Chương trình chưa ghi lại gì.',
    began: (agent, start) => `loa-agent ${agent} ${start ? 'vừa khởi động' : 'đang chạy'}`,
    same: (steps, from, until) => `${steps} bước từ ${from} đến ${until}: mọi quyết định đều như cũ.`,
    differs: (step, time) => `Bước ${step}, ${time}: quyết định đã khác.`,
    expected: 'lúc đó',
    got: 'bây giờ',
    nothing: 'không làm gì',
    readiness: { ready: 'sẵn sàng', awaiting: 'đang chờ tệp', excluded: 'sẽ không phát' },
    ends: { finished: 'phát hết', cut: 'bị cắt', failed: 'không phát được', lost: 'bị mất' },
    inputs: {
      tick: 'qua một giây',
      arm: (programme, readiness) => `sắp hoặc đã đến giờ: ${programme}, ${readiness}`,
      revise: (programme) => `có bản mới của ${programme}`,
      readiness: (programme, readiness) => `${programme} nay ${readiness}`,
      clock: (stepMs) => `đồng hồ nhảy ${stepMs} ms`,
      withdraw: (programmes) => `đã rút khỏi lịch: ${programmes}`,
      stop: (programmes) => `lệnh dừng: ${programmes}`,
      mute: (on) => (on ? 'tắt tiếng' : 'bỏ tắt tiếng'),
      hold: (on) => (on ? 'cảnh báo giữ đường tiếng' : 'không còn cảnh báo giữ đường tiếng'),
      quiet: (spans) => `giờ yên tĩnh: ${spans} khoảng trong hai ngày tới`,
      playout: (up) => (up ? 'bộ phát đã chạy' : 'bộ phát đã dừng'),
      started: (order) => `bắt đầu phát: ${order}`,
      progress: (order, seconds) => `${order} đến giây ${seconds}`,
      ended: (order, how, seconds) => `đã xong, ${how}, ở giây ${seconds}: ${order}`,
    },
    decisions: {
      open: (programme) => `mở dòng ghi: ${programme}`,
      forget: (programme) => `bỏ qua ${programme}`,
      sounding: (programme) => `đang phát: ${programme}`,
      silent: (programme) => `im tiếng: ${programme}`,
      schedule: (order, time, fromSeconds) => `đặt ${order} lúc ${time} từ giây ${fromSeconds}`,
      cut: (order, fadeMs) => `cắt ${order} trong ${fadeMs} ms`,
      record: (programme, result) => `ghi nhận ${result}: ${programme}`,
    },
  },
}

export const viSupportVerbs: Pick<Messages['verbs'], 'bundle' | 'replay'> = {
  bundle: {
    summary: 'gom vào một tệp những gì bộ phận hỗ trợ cần',
    details:
      'Trạng thái, kết quả doctor, lịch phát, tệp âm thanh cần có, nhật ký bảy ngày, văn bản bị từ chối, cấu hình, log của một giờ qua và những gì bộ phân xử đã nhận: tối đa 5 MB, không có mật khẩu, khóa hay âm thanh. Không bao giờ ghi đè lên tệp đã có.\nMã thoát là 3 nếu chương trình chưa chạy: khi đó gói có những gì trên đĩa. Muốn đọc đĩa phải dùng sudo.',
    examples: ['vào thư mục này', 'vào nơi mình chọn'],
  },
  replay: {
    summary: 'xét lại từng bước những gì một thiết bị đã quyết định',
    details:
      'Nhận một gói hỗ trợ, hoặc tệp arbiter-inputs.jsonl trong gói, trên máy nào cũng được, không cần chương trình đang chạy. Với --step hiện mọi bước, với --from hiện từ bước đó trở đi.\nMã thoát là 1 ở quyết định đầu tiên khác với thiết bị, kèm nêu rõ: phần mềm đã thay đổi ở chỗ đó.',
    examples: ['nay có quyết định nào khác không', 'mọi bước kể từ bước thứ một trăm'],
  },
}
