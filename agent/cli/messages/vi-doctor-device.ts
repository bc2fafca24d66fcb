import type { DoctorDeviceWords } from '../../core/doctor/words.ts'

const SHADE = 'che nắng, thông gió cho hộp máy, xem quạt và tản nhiệt; rồi: loa doctor'

export const viDoctorDevice: DoctorDeviceWords = {
  config: {
    valid: (file) => `tệp cấu hình ${file}`,
    invalid: (file, fault) => [`${file}: ${fault}`, `sửa lại, rồi: sudo loa config check ${file}`],
    missing: (file) => [`thiết bị chưa được cấu hình: chưa có ${file}`, 'sudo loa setup'],
    unreadable: (file, why) => [
      `không đọc được tệp cấu hình ${file}: ${why}`,
      'dùng quyền root: sudo loa doctor; hoặc chỉ tệp khác: loa doctor --config TỆP',
    ],
    boardInvalid: (board, fault) => [`bo mạch ${board}: ${fault}`, `sửa lại, rồi: loa board check ${board}`],
    changed: [
      'tệp cấu hình được sửa sau khi chương trình đã chạy',
      'kiểm tra rồi áp dụng: sudo loa config check && sudo systemctl restart loa-agent',
    ],
    inForce: 'chương trình đang chạy đúng cấu hình trong tệp',
  },
  agent: {
    answers: 'chương trình trả lời',
    identity: (device, area) => `đây là thiết bị ${device} của địa bàn ${area}`,
    running: (version) => `loa-agent ${version}, đúng bản đã cài`,
    node: (version) => `Node ${version}`,
    nodeTooOld: (node) => [`Node ${node} quá cũ`, 'cài bản đúng: scripts/setup'],
    notRestarted: (running, installed) => [
      `đang chạy loa-agent ${running}, đã cài ${installed}`,
      'chạy bản mới: sudo systemctl restart loa-agent',
    ],
    noAnswer: (why) => [
      `chương trình không trả lời được: ${why}`,
      'xem lý do: journalctl -u loa-agent -n 50; rồi: sudo systemctl restart loa-agent',
    ],
    ownUser: 'chương trình chạy bằng tài khoản riêng',
    root: [
      'chương trình chạy bằng root: một lỗi của nó sẽ mở toang cả máy',
      'để dịch vụ chạy bằng tài khoản loa: sudo systemctl start loa-agent (README, Install)',
    ],
    groups: 'có đủ nhóm loa (xem) và loa-admin (điều khiển)',
    groupsMissing: (groups) => [
      `thiếu nhóm Unix: ${groups}; chỉ tài khoản của chương trình điều khiển được`,
      'tạo nhóm rồi khởi động lại: sudo systemd-sysusers /usr/lib/loa-agent/systemd/loa-agent.sysusers',
    ],
  },
  jail: {
    full: 'bộ giải mã được cô lập: tệp, mạng, tiến trình, giới hạn',
    noPerl: [
      'bộ giải mã chưa được cô lập: thiếu /usr/bin/perl',
      'gõ: sudo apt install --reinstall perl-base && sudo systemctl restart loa-agent',
    ],
    oldKernel: (kernel, missing) => [
      `nhân ${kernel} quá cũ, không cô lập được bộ giải mã (${missing})`,
      'cài nhân của Debian hoặc Raspberry Pi OS từ 5.13: sudo apt full-upgrade',
    ],
    noLandlock: (missing) => [
      `nhân chạy không có Landlock: bộ giải mã chưa được cô lập (${missing})`,
      'thêm landlock vào lsm= trong dòng lệnh nhân, khởi động lại máy, rồi: cat /sys/kernel/security/lsm',
    ],
    refused: (missing) => [
      `có gì đó chặn việc cô lập bộ giải mã (${missing})`,
      'dịch vụ có cho gọi landlock_ không? systemctl cat loa-agent | grep landlock; xem docs/operations.md',
    ],
  },
  disk: {
    free: (mb) => `bộ nhớ còn trống ${mb} MB`,
    low: (mb) => [
      `bộ nhớ chỉ còn trống ${mb} MB`,
      'tìm chỗ chiếm nhiều: sudo du -xh / | sort -h | tail; sudo journalctl --vacuum-size=50M',
    ],
    full: (mb) => [
      `bộ nhớ hoặc hạn mức cho tệp đã đầy (còn trống ${mb} MB)`,
      'giải phóng: sudo journalctl --vacuum-size=50M; hoặc xem content.quotaMb và: loa media',
    ],
    inodesFree: (percent) => `bộ nhớ còn ${percent} % chỗ cho tệp mới (inode)`,
    inodesFew: (percent) => [
      `bộ nhớ chỉ còn ${percent} % chỗ cho tệp mới (inode): sắp không tạo được tệp nào`,
      'tìm thư mục có quá nhiều tệp: sudo du --inodes -xh / | sort -h | tail',
    ],
    writable: 'ghi được vào bộ nhớ của chương trình',
    readOnly: (mount) => [
      `bộ nhớ của chương trình chỉ đọc được (${mount})`,
      'vì sao? sudo dmesg | grep -i -e ext4 -e mmc | tail; thay thẻ nhớ, hoặc: sudo mount -o remount,rw /',
    ],
  },
  database: {
    fine: 'cơ sở dữ liệu còn nguyên',
    madeAnew: (at) => [
      `cơ sở dữ liệu bị hỏng và được tạo mới (${at})`,
      'xem: loa log --since 7d; nếu còn bị lại thì thay thẻ nhớ',
    ],
    inMemory: (detail) => [
      `không ghi được cơ sở dữ liệu, bản ghi tạm giữ trong RAM: ${detail}`,
      'xem thẻ nhớ: sudo dmesg | grep -i -e ext4 -e mmc | tail; thay thẻ; xem docs/degradation.md',
    ],
    read: (file) => `đã đọc hết ${file}, còn nguyên`,
    damaged: (file, verdict) => [
      `${file} bị hỏng: ${verdict}`,
      'để chương trình cất đi và tạo mới: sudo systemctl restart loa-agent; còn bị lại thì thay thẻ nhớ',
    ],
    cacheFine: 'danh mục tệp âm thanh còn nguyên',
    cacheLost: (at) => [
      `danh mục tệp âm thanh bị hỏng và được tạo mới (${at}): tệp được tải lại`,
      'xem tiến độ: loa media; nếu còn bị lại thì thay thẻ nhớ',
    ],
  },
  temperature: {
    fine: (celsius) => `bộ xử lý ${celsius} °C`,
    warm: (celsius) => [`bộ xử lý nóng ${celsius} °C`, SHADE],
    hot: (detail) => [`bo mạch quá nóng: ${detail}`, SHADE],
    before: ['từ khi bật máy bộ xử lý đã có lúc phải chạy chậm vì nóng', SHADE],
  },
  power: {
    fine: (volts) => `nguồn ${volts} V`,
    noFault: 'điện áp nguồn không thấp',
    low: (detail) => [
      `điện áp nguồn quá thấp: ${detail}`,
      'đo điện áp tại bo mạch khi có tải; dùng bộ nguồn khỏe hơn, dây ngắn và to hơn, không lấy 5 V của bo nuôi âm ly',
    ],
    before: [
      'từ khi bật máy đã có lúc điện áp nguồn quá thấp',
      'xem lúc nào: loa log --since 7d; dùng bộ nguồn khỏe hơn, dây ngắn và to hơn',
    ],
    battery: (percent) => `ắc quy còn ${percent} %`,
    batteryLow: (detail) => [
      `ắc quy gần cạn: ${detail}`,
      'có điện lưới hoặc nắng không? xem bộ sạc, tấm pin, cầu chì; ắc quy cũ không giữ được điện',
    ],
    mains: 'có điện lưới',
    mainsLost: (detail) => [
      detail === '' ? 'mất điện lưới' : `mất điện lưới: ${detail}`,
      'xem phích cắm, cầu chì, công tơ; nếu vẫn có điện thì tiếp điểm bị ngược: activeLow, docs/contacts.md',
    ],
  },
  storage: {
    fine: 'chưa thấy lỗi của thẻ nhớ',
    used: (percent) => `eMMC đã dùng nhiều nhất ${percent} % tuổi thọ`,
    faulty: (detail) => [
      `thẻ nhớ hoặc hệ thống tệp có lỗi: ${detail}`,
      'chép dữ liệu cần giữ rồi thay thẻ; nếu chỉ lỗi hệ thống tệp: khởi động lại máy một lần với fsck.mode=force',
    ],
  },
  burden: {
    fine: (mb, load) => `bộ nhớ còn ${mb} MB, tải mỗi bộ xử lý ${load}`,
    short: (detail) => [
      `thiếu bộ nhớ hoặc bộ xử lý quá tải: ${detail}`,
      'xem chương trình nào khác đang chạy: top -o %MEM; rồi: systemctl status',
    ],
  },
  fan: {
    fine: (rpm) => `quạt quay ${rpm} vòng/phút`,
    still: (detail) => [
      `quạt không quay: ${detail}`,
      'làm sạch bụi và côn trùng, xem phích cắm, hoặc thay quạt',
    ],
  },
  sensor: (detail) => [
    `không đọc được cảm biến: ${detail}`,
    'so device và channel trong tệp bo mạch với: grep . /sys/bus/iio/devices/*/name /sys/class/hwmon/*/name',
  ],
}
