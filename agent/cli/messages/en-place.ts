import type { DoctorPlaceWords } from '../../core/doctor/place-words.ts'
import type { PlaceWords } from './place-words.ts'

export const enPlace: PlaceWords = {
  label: 'Place',
  formerly: (area, until) => `formerly ${area}, still obeyed until ${until}`,
  movingTo: (area) => `moves to ${area} when nothing plays and nothing is near`,
  ofFormer: 'of a former place',
  twin: 'of a former place: the present one broadcasts the same',
}

export const enDoctorPlace: DoctorPlaceWords = {
  stands: (area) => `stands in ${area}`,
  formerly: (area, until) => `formerly ${area}: its documents are obeyed until ${until}`,
  movingTo: (area) => [
    `is to move to ${area}: waits until nothing plays and nothing is due within three minutes`,
    'wait for the end of the programme; to move it at once: sudo systemctl restart loa-agent',
  ],
}
