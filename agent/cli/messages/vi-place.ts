import type { DoctorPlaceWords } from '../../core/doctor/place-words.ts'
import type { PlaceWords } from './place-words.ts'

export const viPlace: PlaceWords = {
  label: 'Địa bàn',
  formerly: (area, until) => `trước ở ${area}, vẫn nhận văn bản của nơi cũ đến ${until}`,
  movingTo: (area) => `sẽ chuyển sang ${area} khi phát xong và sắp tới chưa có lịch`,
  ofFormer: 'của địa bàn cũ',
  twin: 'của địa bàn cũ: địa bàn mới cũng phát nội dung này',
}

export const viDoctorPlace: DoctorPlaceWords = {
  stands: (area) => `thuộc địa bàn ${area}`,
  formerly: (area, until) => `trước ở ${area}: vẫn nhận văn bản của nơi cũ đến ${until}`,
  movingTo: (area) => [
    `sẽ chuyển sang ${area}: đang chờ lúc không phát gì và trong ba phút tới không có lịch`,
    'chờ phát xong; muốn chuyển ngay: sudo systemctl restart loa-agent',
  ],
}
