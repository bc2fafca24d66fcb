const HEADER_BYTES = 44
const SAMPLE_BYTES = 2

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
  const whole = wav.subarray(0, wav.length - ((wav.length - HEADER_BYTES) % SAMPLE_BYTES))
  whole.writeUInt32LE(whole.length - 8, 4)
  whole.writeUInt32LE(whole.length - HEADER_BYTES, 40)
  return whole
}

/** A WAV file of one channel of 16 bit samples. */
export const wavOf = (pcm: Buffer, rate: number): Buffer => {
  const samples = pcm.subarray(0, pcm.length - (pcm.length % SAMPLE_BYTES))
  const header = Buffer.alloc(HEADER_BYTES)
  header.write('RIFF', 0)
  header.writeUInt32LE(samples.length + HEADER_BYTES - 8, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * SAMPLE_BYTES, 28)
  header.writeUInt16LE(SAMPLE_BYTES, 32)
  header.writeUInt16LE(8 * SAMPLE_BYTES, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
