import { execFileSync } from 'node:child_process'
import { LOUD_RMS, scaled } from './acoustics.ts'

/** A text spoken by espeak-ng, one channel at 48 kHz. */
export const spoken = (text: string, voice = 'vi'): Int16Array => {
  const limits = { maxBuffer: 64 << 20 }
  const wav = execFileSync('espeak-ng', ['-v', voice, '--stdout', text], limits)
  const argv = ['-v', 'error', '-i', 'pipe:0', '-ar', '48000', '-ac', '1', '-f', 's16le', '-']
  const raw = execFileSync('ffmpeg', argv, { ...limits, input: wav })
  return scaled(Float64Array.from(new Int16Array(new Uint8Array(raw).buffer)), LOUD_RMS)
}
