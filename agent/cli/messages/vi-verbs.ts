import type { Messages } from './messages.ts'
import { viSetupVerb } from './vi-setup.ts'
import { viSupportVerbs } from './vi-support.ts'
import { viUpdateVerbs } from './vi-update.ts'

export const viVerbs: Messages['verbs'] = {
  run: {
    summary: 'chạy chương trình ngay trên màn hình này',
    details:
      'Chạy cho đến khi bấm Ctrl-C hoặc nhận SIGTERM. Khi nhật ký báo "ready" là đã sẵn sàng.\nTrên thiết bị, systemd làm việc này: systemctl status loa-agent.',
    examples: ['với tệp cấu hình riêng'],
  },
  status: {
    summary: 'máy có ổn không, đang phát gì, sắp phát gì, hỏng ở đâu',
    details:
      'Mã thoát là 0 mỗi khi chương trình trả lời, dù máy đang tốt hay xấu.\n--watch chiếm toàn màn hình, trong lúc phát mỗi giây hai lần: hỏng gì và phải làm gì, phát đến đâu, to nhỏ ra sao, sắp phát gì, đường mạng, và từng bảng tin đang hiện gì. Bấm q hoặc Ctrl-C để thoát.\nKhông có màn hình thì --watch in lần lượt từng báo cáo; thêm --json thì mỗi giây một dòng JSON.',
    examples: ['xem một lần', 'xem liên tục, toàn màn hình', 'cho chương trình khác đọc'],
  },
  schedule: {
    summary: 'sắp phát những gì, cái nào không phát và vì sao',
    details:
      'Lịch phát những ngày tới của thiết bị này, từng ngày một. Dưới mỗi mục ghi điều khiến mục không phát được (mã và nghĩa của mã); hai mục trùng giờ thì ghi mục nào phát trước, mục kia ra sao.',
    examples: ['một ngày tới', 'một tuần tới'],
  },
  media: {
    summary: 'các tệp cần cho lịch phát và tiến độ tải về',
    details:
      'Mọi tệp mà lịch phát và cảnh báo hiện có cần đến, tệp cần sớm nhất xếp trước: đã có bao nhiêu, tải nhanh chậm, mục nào cần lúc nào, vì sao còn chờ.',
    examples: ['tất cả các tệp'],
  },
  log: {
    summary: 'nhật ký phát và sự kiện, mới nhất ở cuối',
    details:
      'Các bản ghi phát và sự kiện, đúng như gửi về tỉnh. Với --json và --follow: mỗi dòng một giá trị JSON.\n--follow chờ khi chương trình khởi động lại rồi xem tiếp.',
    examples: ['hai giờ vừa qua', 'kể từ một thời điểm', 'xem tiếp cho đến khi bấm Ctrl-C'],
  },
  play: {
    summary: 'phát ngay một tệp hoặc một âm thử',
    details:
      'Phát qua âm ly theo lệnh tại chỗ: không bị giờ yên tĩnh chặn, nhưng nhường cho cảnh báo khẩn cấp.\nChờ bản tin đang phát xong, trừ khi có hạng cao hơn. Bấm Ctrl-C để dừng. Mã thoát là 1 nếu không phát hết.',
    examples: [
      'một thông báo, âm lượng một nửa',
      'âm thử nhỏ trong năm giây',
      'loa phát được dải tần nào',
      'phát trên mọi bản tin, trừ cảnh báo',
    ],
  },
  hear: {
    summary: 'phát một tín hiệu thử ngắn và cho biết nghe lại được bao nhiêu',
    details:
      'Hai giây âm thử qua âm ly; thiết bị nghe của bo mạch (audio.capture) lắng nghe. Không lưu lại bất cứ âm thanh nào.\nMã thoát là 1 nếu nghe lại được chưa đến một nửa, hoặc không đánh giá được.',
    examples: ['loa ngoài kia có kêu không', 'phát nhỏ, cho chương trình khác đọc'],
  },
  amp: {
    summary: 'bật, tắt âm ly bằng tay',
    details:
      'Rơ le tự ngắt sau --seconds giây (60 nếu không ghi). Chương trình đang phát được ưu tiên.\nlearn quên mức dòng đã học của đường loa để học lại, sau khi thay đổi loa.\nunmute bỏ lệnh tắt tiếng của tỉnh.',
    examples: ['bật trong mười giây', 'tắt lại', 'sau khi lắp thêm loa', 'cho thiết bị phát tiếng trở lại'],
  },
  sign: {
    summary: 'hiện nội dung lên bảng điện tử, hoặc xem trước tại đây',
    details:
      'text, image và test hiện nội dung trong --seconds giây (60 nếu không ghi) như một lệnh tại chỗ, có ghi nhật ký; clear gỡ các nội dung chỉ hiện trên bảng.\ntest hiện bốn góc bốn màu (đỏ trên trái, xanh lá trên phải, xanh dương dưới trái, trắng dưới phải), các dải màu và chữ.\npreview không cần agent: hiện trong terminal, hoặc với --png ghi thành ảnh các điểm LED. --schedule nhận tài liệu lịch như khi công bố; không xét chữ ký.',
    examples: [
      'một dòng chữ chạy',
      'một ảnh trên một bảng',
      'đấu dây có đúng không',
      'xem trước sẽ hiện thế nào',
      'mọi trang của một lịch trên một tờ',
    ],
  },
  config: {
    summary: 'kiểm tra tệp cấu hình',
    details:
      'Nêu mọi lỗi cùng một lúc, kèm vị trí trong tệp. Mã thoát là 2 nếu có lỗi. Không cần chương trình đang chạy.',
    examples: ['trước khi khởi động lại'],
  },
  board: {
    summary: 'liệt kê các loại bo mạch, tìm loại của máy này, kiểm tra',
    details:
      '`check` xem tệp mô tả, đời máy, và card âm thanh, chân GPIO, cổng nối tiếp có đủ, có trống, có tên không đổi, rơ le có ngắt từ lúc có điện không. Không chiếm của chương trình nào.\nMã thoát là 1 nếu thiếu thứ gì, 2 nếu tệp không hợp lệ. Không cần chương trình đang chạy.',
    examples: ['đây là bo mạch nào', 'có đủ mọi thứ chưa'],
  },
  doctor: {
    summary: 'hỏng ở đâu và phải làm gì tiếp theo',
    details:
      'Mỗi lần kiểm tra một dòng: ok, warn hoặc FAIL, thấy gì, và việc cần làm tiếp theo nếu có. Hãy bắt đầu từ đây. Chỗ nào hỏng do chỗ khác thì không nhắc lại. Xong trong mười giây, kể cả khi chương trình hoặc mạng bị treo.\nMã thoát là 1 nếu có kiểm tra FAIL (chỉ có warn: 0), 2 nếu tệp cấu hình hoặc tệp bo mạch không hợp lệ, 3 nếu chương trình chưa chạy: khi đó chỉ nêu những gì thấy được khi không có nó.',
    examples: [
      'kiểm tra tất cả',
      'chỉ âm thanh và âm ly',
      'chỉ những việc phải làm, cho chương trình khác đọc',
    ],
  },
  selftest: {
    summary: 'chạy thử nghiệm thu: thử mọi thứ, hỏi, và lập biên bản',
    details:
      'Rơ le và tiếp điểm phản hồi, âm quét tần số, còi hú âm lượng nhỏ, nghe lại nếu có micrô, hình thử trên từng bảng, máy chủ và đồng hồ; giữa các bước máy hỏi những điều chỉ tai và mắt người mới biết.\nKhông chạy thử khi đang phát, khi có mục sắp phát trong hai phút, khi có cảnh báo; cảnh báo đến thì dừng ngay. Xong việc các rơ le đều ngắt.\nGhi một trang để in và một tệp JSON có chữ ký số vào thư mục hiện tại, hoặc nơi ghi ở --report, và báo về tỉnh.\nMã thoát là 1 nếu có lỗi hoặc chưa thử đủ các bước.',
    examples: ['có người đứng dưới loa', 'đặt tên cho biên bản', 'không hỏi ai, cho chương trình khác đọc'],
  },
  ...viSupportVerbs,
  ...viSetupVerb,
  ...viUpdateVerbs,
  verify: {
    summary: 'thiết bị này có nhận một văn bản đã ký hay không',
    details:
      'Hỏi chương trình đang chạy: nếu văn bản đến ngay bây giờ thì sẽ ra sao (vỏ bọc, chữ ký, quyền ký, thời hạn, số bản, cấu trúc). Không thay đổi gì.\nMã thoát 0 khi sẽ được nhận hoặc đang có hiệu lực, 1 khi sẽ bị từ chối.\nKhông xét mã của một lệnh đã dùng hay chưa.',
    examples: ['một tệp do tỉnh ký', 'bản mà máy chủ MQTT đang giữ'],
  },
  version: {
    summary: 'phiên bản phần mềm',
    details: 'Không cần chương trình đang chạy.',
    examples: ['phiên bản và Node'],
  },
  help: {
    summary: 'hướng dẫn dùng một lệnh',
    details: 'Không ghi tên lệnh: danh sách các lệnh.',
    examples: ['mọi điều về lệnh play'],
  },
}
