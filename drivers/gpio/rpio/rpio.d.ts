/** The part of rpio 2.4 that the relay driver uses; the package ships no types. */
declare module 'rpio' {
  export interface Rpio {
    readonly LOW: 0
    readonly HIGH: 1
    readonly OUTPUT: 1
    readonly PIN_PRESERVE: 0
    init(options: { gpiomem: boolean; mapping: 'gpio' | 'physical'; close_on_exit: boolean }): void
    open(pin: number, mode: 1, initial: 0 | 1): void
    read(pin: number): number
    write(pin: number, value: 0 | 1): void
    close(pin: number, reset: 0 | 1): void
    on(event: 'warn', listener: (message: string) => void): unknown
    off(event: 'warn', listener: (message: string) => void): unknown
  }
  const rpio: Rpio
  // biome-ignore lint/style/noDefaultExport: the shape of the package
  export default rpio
}
