/** One amplifier relay. Closed relay: amplifier on. The relay is open from the moment this exists until `set(true)`. */
export interface Amplifier extends AsyncDisposable {
  readonly id: string
  /** `read` looks at a contact that follows the relay, not at the line that drives it. */
  readonly hasContact: boolean
  /** Drives the relay and reads the line back. @throws AMPLIFIER when the line cannot be driven */
  set(on: boolean): void
  /** What the feedback contact (or else the line itself) says; undefined when there is nothing to read. */
  read(): boolean | undefined
}
