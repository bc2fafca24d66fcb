import type { DayRange, PageMode } from '../documents.ts'
import type { SignLook } from './look.ts'

/** A page of a sign that nobody has. `text` may hold the fields of `fillFields`. */
export type IdlePage = { readonly seconds: number; readonly color?: string } & (
  | { readonly text: string; readonly mode?: PageMode }
  | { readonly qr: string }
)

/** How one sign looks, of its board file. */
export type SignSettings = {
  readonly look?: Partial<Omit<SignLook, 'color'>>
  readonly idle?: readonly IdlePage[]
  /** Most brightness from sunset to sunrise, in percent. */
  readonly night?: number
  /** Hours in which only alerts, higher classes and what plays light the sign. */
  readonly dark?: readonly DayRange[]
}

/** Degrees, north and east positive. */
export type Place = { readonly latitude: number; readonly longitude: number }
