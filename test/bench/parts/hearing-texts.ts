/** A notice, and a programme that it must not be taken for: the same voice, other words. */
export const NOTICE =
  'Kính thưa toàn thể bà con. Tối nay lúc mười chín giờ ba mươi, mời bà con đến họp thôn tại nhà văn hóa. ' +
  'Nội dung gồm công tác phòng chống lũ, vệ sinh đường làng và quỹ khuyến học. Đề nghị mỗi gia đình cử một người đến dự, đúng giờ. ' +
  'Sau cuộc họp, ban quản lý sẽ phát lịch tiêm phòng cho trẻ em và người cao tuổi. Trân trọng cảm ơn.'
export const WEATHER =
  'Dự báo thời tiết đêm nay và ngày mai. Khu vực miền núi nhiều mây, có mưa rào và dông vài nơi, cục bộ có mưa to. ' +
  'Gió đông nam cấp hai đến cấp ba. Nhiệt độ thấp nhất hai mươi hai độ, cao nhất ba mươi độ. ' +
  'Mực nước trên các sông đang lên chậm. Bà con ven sông cần theo dõi các bản tin tiếp theo và chủ động sơ tán khi có lệnh.'
