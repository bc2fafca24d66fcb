/** Turns text into sound. */
export interface Speech {
  /** What speaks with a voice, with its version: another one would say the same text otherwise. */
  engineOf(voice: string): string
  /** It tried and failed to say this text with this voice: another voice must. Absent: there is no other. */
  refuses?(text: string, voice: string): boolean
  /**
   * A whole WAV file, its lengths right. `text` is taken as it stands (see `prepareSpeech`).
   * @param voice a name of core/speech/voice.ts
   * @throws DECODER when the synthesiser cannot be run, takes too long or says too much
   * @throws BAD_MEDIA when nothing in the text can be spoken
   */
  render(text: string, voice: string, signal: AbortSignal): Promise<Uint8Array>
}
