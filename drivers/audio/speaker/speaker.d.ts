/** The part of speaker 0.5 that the driver uses; the types of the package leave out `device` and others. */
declare module 'speaker' {
  export type SpeakerOptions = {
    readonly channels: number
    readonly sampleRate: number
    readonly bitDepth: 16
    readonly signed: true
    /** Name of the ALSA device. */
    readonly device: string
    /** Most frames handed to the device in one native write. */
    readonly samplesPerFrame: number
  }
  export interface Speaker {
    /** The first call opens the device; `done` is called when the device has taken the bytes. */
    write(bytes: Uint8Array, done: (failure?: Error | null) => void): unknown
    /** Closes the device at once; with `flush` what it holds is not heard. Must not be called while a write is under way. */
    close(flush: boolean): void
    on(event: 'error', listener: (failure: Error) => void): unknown
  }
  const speaker: new (options: SpeakerOptions) => Speaker
  // biome-ignore lint/style/noDefaultExport: the shape of the package
  export default speaker
}
