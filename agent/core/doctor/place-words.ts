import type { Wrong } from './wrong.ts'

/** Of where the device stands; `area` is `77/26680`. */
export type DoctorPlaceWords = {
  readonly stands: (area: string) => string
  readonly formerly: (area: string, until: string) => string
  readonly movingTo: (area: string) => Wrong
}
