import type { Code } from '../../core/codes.ts'
import type { DoctorWords } from '../../core/doctor/words.ts'
import { viCodes } from './vi-codes.ts'
import { viDoctorDevice } from './vi-doctor-device.ts'
import { viDoctorClock, viDoctorOutside } from './vi-doctor-outside.ts'
import { viDoctorUnit } from './vi-doctor-unit.ts'
import { viDoctorLink } from './vi-links.ts'
import { viDoctorPlace } from './vi-place.ts'
import { viDoctorUpdate } from './vi-update.ts'

const ARMING: Readonly<Partial<Record<Code, string>>> = {
  NO_MEDIA:
    'xem tiến độ: loa media; có tới được máy chủ nội dung không, địa chỉ có trong content.allow không?',
  BAD_MEDIA: 'báo tỉnh mã hóa và gửi lại tệp; tệp nào thì xem: loa media',
  STREAM:
    'mở thử địa chỉ đầu bằng máy nghe nhạc; có trong content.allow không? Các địa chỉ khác vẫn được thử',
  DECODER: 'cài lại bộ giải mã: sudo apt install --reinstall ffmpeg espeak-ng',
  POLICY: 'so âm ly và bảng tin của mục phát với: loa status',
}

const MEANINGS: Readonly<Record<string, string>> = viCodes
const PUBLISH_HIGHER = 'báo nơi phát hành gửi lại với số hiệu (rev) cao hơn bản đang giữ'
const RELAYS: Readonly<Record<string, string>> = { on: 'bật', off: 'tắt' }

export const viDoctor: DoctorWords = {
  ...viDoctorDevice,
  ...viDoctorUnit,
  ...viDoctorOutside,
  place: viDoctorPlace,
  update: viDoctorUpdate,
  trust: {
    required: 'bắt buộc kiểm tra chữ ký',
    off: [
      'ĐANG TẮT kiểm tra chữ ký: ai vào được máy chủ tin nhắn đều phát được ở đây',
      'đặt security.signatures: required và rootKeys trong agent.yaml rồi khởi động lại chương trình',
    ],
    roots: (kids, threshold) => `khóa gốc ${kids}; văn bản trust cần ${threshold} khóa ký`,
    rootsMissing: [
      'số khóa gốc ít hơn số chữ ký mà văn bản trust cần',
      'xin tỉnh rồi ghi vào security.rootKeys, sau đó: sudo loa config check',
    ],
    held: (document, rev, inDate, keys) => `${document}, số ${rev}: ${inDate} trên ${keys} khóa còn hạn`,
    none: (area) => [
      `chưa giữ văn bản trust nào cho ${area}: chưa nhận được văn bản ký nào`,
      'báo tỉnh phát hành, ký bằng các khóa gốc ghi trong agent.yaml của thiết bị này',
    ],
    noneInDate: (document) => [
      `${document}: không khóa nào còn hạn`,
      'nếu giờ máy đúng (gõ date) thì báo tỉnh phát hành trust với khóa mới',
    ],
    ends: (document, date) => [
      `${document}: có khóa hết hạn ngày ${date}`,
      'báo tỉnh phát hành trust có khóa thay thế trước ngày đó',
    ],
  },
  documents: {
    held: (list) => `đang giữ các văn bản: ${list}`,
    none: (area) => [
      `chưa giữ lịch phát nào cho ${area}: sẽ không phát gì`,
      'tỉnh đã phát hành lịch cho nơi này chưa? so device.province và commune với area của lịch; loa schedule',
    ],
    scheduleOpen: (document) => `${document} không có ngày hết hạn`,
    scheduleFine: (document, date) => `${document} còn hiệu lực đến ${date}`,
    scheduleEnds: (document, date) => [
      `${document} hết hiệu lực ngày ${date}`,
      'báo tỉnh phát hành lịch tiếp theo trước ngày đó',
    ],
    scheduleEnded: (document, date) => [
      `${document} đã hết hiệu lực ngày ${date}: không phát gì theo lịch này`,
      'báo tỉnh phát hành lịch mới; nếu ngày của máy sai: timedatectl',
    ],
    noneRefused: 'không văn bản nào bị từ chối',
    refused: (document, code, detail) => `từ chối ${document}: ${code} - ${detail}`,
    kid: (kid) => `khóa ${kid}`,
    revision: (rev) => `số ${rev}`,
    refusedNext: {
      BAD_SIGNATURE: 'báo tỉnh ký lại bằng khóa của mình; thử tại đây: loa verify TỆP',
      UNKNOWN_KEY: 'báo tỉnh phát hành trust của địa bàn có khóa này; so mục security.rootKeys',
      OUT_OF_SCOPE:
        'báo tỉnh ký bằng khóa được phép cho địa bàn, loại, cấp này, hoặc mở rộng quyền trong trust',
      OLD_REVISION: `nếu là bản mới thì ${PUBLISH_HIGHER}; nếu không thì thôi`,
      REV_CONFLICT: `có hai nơi phát hành, hoặc nội dung bị đổi: ${PUBLISH_HIGHER}`,
      REV_JUMP: 'rev chỉ được tăng tối đa 100.000.000: dùng số đếm hoặc giây Unix, không dùng mili giây',
      EXPIRED: 'so exp, iat và thời hạn của khóa với: date; rồi báo phát hành lại',
      REPLAYED: 'báo gửi lại với id mới',
      WRONG_DEVICE: 'so area hoặc device của văn bản với chủ đề và mục device: trong agent.yaml',
      WRONG_BOOT: 'báo gửi lại với boot ghi trong up/state hiện nay',
      INVALID: 'báo sửa đúng chỗ đó và phát hành với số hiệu cao hơn; thử: loa verify TỆP',
      TOO_LARGE: 'báo chia nhỏ hoặc rút ngắn: tối đa 1.000.000 byte',
      TOO_MANY: 'báo gửi thưa hơn trong mỗi phút',
    },
    commandNext: 'không có gì phải sửa ở đây: báo tỉnh sửa và gửi lại',
    fresh: 'không văn bản nào bị giữ lại',
    stale: (detail) => [
      `máy chủ có thể đang giữ lại văn bản mới: ${detail}`,
      'tỉnh có đang phát hành, và tới mọi máy chủ trong mqtt.urls không? loa log --since 2d ghi rõ chủ đề',
    ],
  },
  clock: {
    synced: (offsetMs) => `đồng hồ đã đồng bộ, lệch ${offsetMs} ms`,
    held: 'đồng hồ tự chạy, hiện không đồng bộ',
    offset: (offsetMs) => [
      `đồng hồ lệch ${offsetMs} ms`,
      'xem máy chủ giờ: timedatectl timesync-status (hoặc: chronyc tracking)',
    ],
    stale: [
      'đồng hồ chưa được đồng bộ suốt bảy ngày',
      'có tới được máy chủ giờ không? timedatectl timesync-status; sudo systemctl restart systemd-timesyncd',
    ],
    unset: [
      'chưa biết giờ đúng: chưa phát gì theo lịch',
      'nối máy chủ giờ: timedatectl set-ntp true; hoặc đặt tay: sudo timedatectl set-time "..."',
    ],
    ...viDoctorClock,
  },
  broker: {
    connected: (url) => `đã kết nối ${url}`,
    reached: (url) => `${url} nhận kết nối`,
    unreached: (url, why) => `không tới được ${url}: ${why}`,
    down: (detail) => `chưa kết nối được máy chủ tin nhắn: ${detail}`,
    downNext: {
      name: (host) => `tên máy chủ có tra được không? getent hosts ${host}; resolvectl status; mqtt.urls`,
      refused: (host, port) =>
        `máy chủ có chạy và mở cổng không? timeout 3 bash -c '</dev/tcp/${host}/${port}' && echo open`,
      route: (host) => `mạng có thông không? ip route; ping -c 3 ${host}; SIM, dây mạng, tường lửa`,
      timeout: (host, port) =>
        `cổng có được mở cho máy này không? ping -c 3 ${host}; tường lửa chặn cổng ${port}; máy chủ có bị treo không?`,
      access: () => 'so device.id, mqtt.username và tệp mật khẩu với thông tin trên máy chủ; hỏi tỉnh',
      tls: (host, port) =>
        `xem chứng thư hai bên: openssl s_client -connect ${host}:${port} </dev/null; docs/operations.md`,
      other: (host, port) =>
        `thử: timeout 3 bash -c '</dev/tcp/${host}/${port}' && echo open; journalctl -u loa-agent -n 50`,
    },
    taken: (detail) => [
      `có máy khác dùng mã của thiết bị này: ${detail}`,
      'tìm thẻ nhớ bị sao chép hoặc máy đã thay ra; nếu không có thì báo tỉnh khóa và cấp lại chứng thư',
    ],
    alone: 'không máy nào khác dùng mã của thiết bị này',
    subscribed: 'máy chủ cho thiết bị này nhận mọi chủ đề của nó',
    unsubscribed: (topics) => [
      `máy chủ không cho thiết bị này nhận ${topics}`,
      'báo tỉnh sửa quyền của thiết bị trên máy chủ (ACL, xem docs/examples/mosquitto/acl)',
    ],
  },
  link: viDoctorLink,
  credentials: {
    fine: 'chứng thư, khóa và mật khẩu đều đúng',
    fault: (fault) => [fault, 'làm như đã ghi (đúng là root:loa, quyền 0640), rồi: sudo loa config check'],
    notEnrolled: [
      'thiết bị chưa có chứng thư: broker không cho vào',
      'có mã dùng một lần của tỉnh: sudo loa setup --enrol; không có mã: nhờ tỉnh ký /etc/loa/tls/device.csr',
    ],
  },
  outbox: {
    empty: 'mọi bản ghi đã được xác nhận',
    waiting: (count) => `${count} bản ghi đang được gửi`,
    old: (count, hours) => [
      `${count} bản ghi chưa được xác nhận, cũ nhất đã ${hours} giờ`,
      'máy chủ bản ghi của tỉnh có chạy và trả lời ở down/acked không? Bản ghi vẫn được giữ và gửi lại',
    ],
  },
  content: {
    allowed: (list) => `được tải tệp từ ${list}`,
    nothingAllowed: [
      'content.allow để trống: không tải được tệp và tiếp sóng nào',
      'ghi địa chỉ máy chủ nội dung vào đó, rồi: sudo systemctl restart loa-agent',
    ],
    reached: (origin) => `máy chủ nội dung ${origin} trả lời`,
    unreached: (origin, why) => [
      `không tới được máy chủ nội dung ${origin}: ${why}`,
      `thử: curl -sI --max-time 5 ${origin}; content.allow ghi đúng chưa, máy chủ có chạy không? Hỏi tỉnh`,
    ],
    distrusted: (origin, detail) => [
      `không tin được máy chủ nội dung ${origin}: ${detail}`,
      `xem chứng thư của máy chủ: curl -vI --max-time 5 ${origin}; báo tỉnh sửa`,
    ],
  },
  media: {
    armed: (count) => `các mục sắp phát đã sẵn sàng (${count})`,
    nothingPlanned: 'chưa có gì sắp phát',
    notArmed: (item, at, code) => `${item}, phát lúc ${at}, chưa sẵn sàng: ${code}`,
    notArmedNext: (code) => ARMING[code] ?? 'xem lý do: loa schedule; loa log --since 1d',
    missing: (sha256, state) => `tệp ${sha256} ${state}`,
    notAskedYet: (item, at) => `${item}, phát lúc ${at}: nguồn tiếp sóng được hỏi trước một giờ`,
    waits: (item, at) => `${item}, phát lúc ${at}: tệp được hoãn tải để tiết kiệm dữ liệu, sẽ kịp giờ phát`,
    files: (present, wanted) =>
      wanted === 0 ? 'chưa cần tệp nào' : `đã có ${present} trên ${wanted} tệp cần dùng`,
    bad: (files) => [
      `tệp không giải mã được hoặc không đúng như đã báo: ${files}`,
      'báo tỉnh mã hóa và gửi lại; tệp nào thì xem: loa media',
    ],
  },
  sound: {
    device: 'chưa thấy lỗi ở thiết bị âm thanh (nghe thử: loa play --tone 440 --volume 20)',
    deviceLost: (detail) => [
      `không dùng được thiết bị âm thanh: ${detail}`,
      'card đã cắm, overlay trong config.txt, không ai khác dùng? aplay -L; loa board check TÊN',
    ],
    noUnderruns: 'không lần nào hụt âm',
    underruns: (count) => [
      `${count} lần hụt âm từ lúc khởi động: không kịp đưa tiếng ra card`,
      'xem tải của máy: top; tăng audio.bufferMs trong tệp bo mạch',
    ],
    amplifier: (id, state) => `âm ly ${id}: ${RELAYS[state] ?? state}`,
    stuck: (id, detail) => [
      `âm ly ${id} bị kẹt: ${detail}`,
      `nghe thử rơ le: loa amp on ${id} --seconds 2; rồi xem rơ le, tiếp điểm, dây, activeLow`,
    ],
    heard: (programmes, percent) =>
      programmes === 0
        ? 'chưa phát gì để nghe lại (nghe thử: loa hear)'
        : `nghe lại được ${percent} % của ${programmes} chương trình gần nhất`,
    deaf: (detail) => [
      `không nghe lại được những gì đã phát: ${detail}`,
      'micro đã cắm, audio.capture trong tệp bo mạch đúng chưa? arecord -L; rồi chạy: loa hear',
    ],
    notHeard: (detail) => [
      `đã phát nhiều chương trình mà không nghe thấy: ${detail}`,
      'đứng dưới loa và chạy: loa hear; rồi xem cầu chì, âm ly, núm âm lượng, dây loa; micro còn ở chỗ cũ không?',
    ],
    sign: {
      waiting: (id) => `bảng tin ${id} hoạt động; nội dung cần hiện chưa được gửi đến`,
      sent: (id) => `bảng tin ${id}: đã gửi hết; loại bảng này không trả lời, hãy nhìn tận mắt`,
      acknowledged: (id) => `bảng tin ${id} trả lời và đã nhận nội dung cần hiện`,
      'read-back': (id) => `bảng tin ${id} trả lời và đang hiện đúng nội dung`,
    },
    signLost: (id, detail) => [
      `không liên lạc được bảng tin ${id}: ${detail}`,
      'cắm lại, xem ls -l /dev/serial/by-id, sửa mục port trong tệp bo mạch',
    ],
    looseAdapter: (id, name, losses) => [
      `${id}: ${name} bị rút ra ${losses} lần từ khi chương trình chạy`,
      'xem lại giắc cắm, dây và nguồn của hub; xem lâu hơn: loa log --since 7d',
    ],
    steadyAdapters: 'card âm thanh và bộ chuyển đổi cắm chắc',
    line: (id, percent) =>
      percent === '' ? `đường loa của ${id}: tốt` : `đường loa của ${id}: tốt, ${percent} % mức tải đã học`,
    lineLearning: (id) => `đường loa của ${id}: mức tải được học từ nửa phút phát tiếp theo`,
    lineSuspect: (detail) => [
      `nghi đường loa bị đứt hoặc chập: ${detail}`,
      'nghe từng loa, xem phích, mối nối và dây; nếu đã thay đổi loa có chủ ý: loa amp learn ID',
    ],
    audible: 'không bị tắt tiếng',
    muted: ['ĐANG TẮT TIẾNG: không phát gì, kể cả cảnh báo', 'bỏ tắt tiếng: loa amp unmute'],
    quiet: (until) => `giờ yên tĩnh đến ${until}: chỉ phát cảnh báo`,
  },
  other: (code, detail) => [
    `${code} - ${MEANINGS[code] ?? code}${detail === '' ? '' : `: ${detail}`}`,
    'xem: loa log --since 1d, và docs/operations.md',
  ],
}
