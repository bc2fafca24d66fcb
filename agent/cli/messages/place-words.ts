/** Where the device stands. */
export type PlaceWords = {
  readonly label: string
  /** `area`: `77/26680`. */
  readonly formerly: (area: string, until: string) => string
  readonly movingTo: (area: string) => string
  /** A note under an item. */
  readonly ofFormer: string
  /** The present place broadcasts the same. */
  readonly twin: string
}
