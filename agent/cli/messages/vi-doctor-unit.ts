import type { DoctorUnitWords } from '../../core/doctor/unit-words.ts'

const REVERSED = 'nếu đã đóng thì tiếp điểm bị ngược: activeLow trong tệp bo mạch'

export const viDoctorUnit: DoctorUnitWords = {
  noGroup: (got, groups) => `không có nhóm kiểm tra ${got === '' ? "''" : got}; các nhóm là: ${groups}`,
  unit: {
    active: 'dịch vụ loa-agent đang chạy và tự chạy khi bật máy',
    besides: [
      'chương trình đang trả lời không phải do dịch vụ loa-agent khởi động',
      'dừng nó và để dịch vụ chạy: sudo systemctl restart loa-agent',
    ],
    notActive: (state, result) => [
      `dịch vụ loa-agent đang ${state}${result === '' || result === 'success' ? '' : `: ${result}`}`,
      'xem lý do: journalctl -u loa-agent -n 50; rồi: sudo systemctl start loa-agent',
    ],
    notEnabled: (state) => [
      `dịch vụ loa-agent đang ${state}: mất điện xong sẽ không tự chạy lại`,
      'gõ: sudo systemctl unmask loa-agent; sudo systemctl enable loa-agent',
    ],
    needsReload: [
      'tệp dịch vụ đã sửa mà systemd chưa đọc lại',
      'gõ: sudo systemctl daemon-reload && sudo systemctl restart loa-agent',
    ],
    restarts: (count) => `systemd đã khởi động lại chương trình ${count} lần`,
    manyRestarts: (count) => [
      `systemd phải khởi động lại chương trình ${count} lần`,
      'xem lý do: journalctl -u loa-agent -p warning -n 50; loa log --since 1d',
    ],
    hardened: (count) => `systemd giữ chương trình trong ${count} giới hạn của tệp dịch vụ`,
    weaker: (list) => [
      `systemd không giữ chương trình trong giới hạn ${list}`,
      'cái gì đã bỏ đi? systemctl cat loa-agent; xóa tệp sửa thêm, rồi: sudo systemctl daemon-reload && sudo systemctl restart loa-agent',
    ],
    bounded: 'chương trình không thể lấy thêm quyền, lời gọi hệ thống được lọc',
    unbounded: (list) => [
      `chương trình chạy ngoài các giới hạn của dịch vụ (${list})`,
      'để dịch vụ khởi động nó: sudo systemctl start loa-agent (README, Install); xem: systemctl status loa-agent',
    ],
    whole: 'không phần nào của chương trình bị tắt',
    safeMode: (off) => [
      `chế độ an toàn sau năm lần khởi động bị chết: đang tắt ${off}`,
      'xem lý do: journalctl -u loa-agent -n 200; docs/operations.md, mục Safe mode; máy sẽ tự thử lại',
    ],
    page: (listen) => `trang trạng thái đang mở ở ${listen}`,
    noPage: (listen, reason) => [
      `trang trạng thái không mở được ở ${listen}: ${reason}`,
      'cổng đã bị chiếm (sudo ss -ltnp), hay địa chỉ không phải của máy này (ip address)? page.listen trong agent.yaml; docs/status-page.md',
    ],
  },
  machine: {
    id: 'máy có mã riêng (machine-id)',
    noId: [
      'thiếu /etc/machine-id: không phân biệt được thẻ nhớ bị sao chép với thẻ này',
      'gõ: sudo systemd-machine-id-setup && sudo reboot',
    ],
    program: (name) => `đã cài ${name}`,
    noProgram: (name) => [`chưa cài ${name}`, `gõ: sudo apt install --reinstall ${name}`],
    sensors: (count) => `đọc được ${count} cảm biến của máy`,
    contacts: (count) => `đọc được các tiếp điểm (${count}), không có gì bất thường`,
  },
  contacts: {
    CONTACT: (detail) => [
      `tiếp điểm không tin được: ${detail}`,
      'dây có lỏng, hộp có vào nước không; bias và debounceMs trong tệp bo mạch; docs/contacts.md',
    ],
    TAMPER: (detail) => [`hộp máy bị mở: ${detail}`, `đóng lại; ${REVERSED}`],
    DOOR: (detail) => [`cửa đang mở: ${detail}`, `đóng lại; ${REVERSED}`],
    EXTERNAL_FAULT: (detail) => [
      `thiết bị bên cạnh báo lỗi: ${detail}`,
      'xem thiết bị đó; nếu nó tốt thì tiếp điểm bị ngược: activeLow trong tệp bo mạch',
    ],
    EMERGENCY_CONTACT: (detail) => [
      `nút khẩn cấp: ${detail}`,
      'có chủ ý không? Nhả nút hoặc vặn khóa về; docs/contacts.md',
    ],
  },
}
