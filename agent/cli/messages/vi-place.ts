import type { DoctorPlaceWords } from '../../core/doctor/place-words.ts'
import type { PlaceWords } from './place-words.ts'

export const viPlace: PlaceWords = {
  label: 'Địa bàn',
  formerly: (area, until) => `trước ở ${area}, còn nghe theo nơi cũ đến ${until}`,
  movingTo: (area) => `sẽ chuyển sang ${area} khi không phát và sắp tới không phát gì`,
  ofFormer: 'của nơi cũ',
  twin: 'của nơi cũ: nơi mới cũng phát bản tin này',
}

export const viDoctorPlace: DoctorPlaceWords = {
  stands: (area) => `thuộc địa bàn ${area}`,
  formerly: (area, until) => `trước ở ${area}: còn nghe theo văn bản của nơi cũ đến ${until}`,
  movingTo: (area) => [
    `sẽ chuyển sang ${area}: đang chờ lúc không phát gì và trong ba phút tới không có lịch`,
    'chờ phát xong; muốn chuyển ngay: sudo systemctl restart loa-agent',
  ],
}
