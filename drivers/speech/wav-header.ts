const HEADER_BYTES = 44

/**
 * espeak-ng cannot know the length when it writes the header to a pipe and says 2 GiB; this says what came.
 * Undefined: not the WAV file of PCM that it writes, or one without a sample.
 */
export const withLengths = (wav: Buffer): Buffer | undefined => {
  const isWav =
    wav.length > HEADER_BYTES &&
    wav.toString('latin1', 0, 4) === 'RIFF' &&
    wav.toString('latin1', 8, 16) === 'WAVEfmt ' &&
    wav.toString('latin1', 36, 40) === 'data'
  if (!isWav) return undefined
  const whole = wav.subarray(0, wav.length - ((wav.length - HEADER_BYTES) % 2))
  whole.writeUInt32LE(whole.length - 8, 4)
  whole.writeUInt32LE(whole.length - HEADER_BYTES, 40)
  return whole
}
