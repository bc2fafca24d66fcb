import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FRAMES_PER_SECOND } from '../../../agent/core/clip.ts'
import { renderSound } from '../../../agent/core/sound/built-in.ts'
import { wavOf } from '../../fakes/playout-bench.ts'

const MP3 = ['-c:a', 'libmp3lame', '-b:a', '64k', '-ar', '48000', '-ac', '1']

/** The agent's own siren as files, for others; the MP3 has a header that lets a decoder leave out the encoder's delay. */
export const writeSiren = (
  folder: string,
  seconds: number,
): { readonly wav: string; readonly mp3: string } => {
  const samples = new Int16Array(seconds * FRAMES_PER_SECOND)
  renderSound('siren-wail', 0, samples.length, samples)
  const [wav, mp3] = [join(folder, 'siren.wav'), join(folder, 'siren.mp3')]
  writeFileSync(wav, wavOf(samples))
  execFileSync('ffmpeg', ['-v', 'error', '-i', wav, ...MP3, mp3])
  return { wav, mp3 }
}

/**
 * A programme that stays below what the virtual sound card calls sound, so that the first frame of a siren over it is
 * recognised. The beep at its beginning keeps normalisation from raising it.
 */
export const writeProgramme = (
  folder: string,
  seconds: number,
): { readonly file: string; readonly bytes: Uint8Array } => {
  const file = join(folder, 'programme.mp3')
  const source =
    'aevalsrc=if(lt(t\\,0.05)\\,0.9*sin(6283*t)\\,0.002*(2*random(0)-1)):s=48000,aformat=channel_layouts=mono'
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, '-t', String(seconds), ...MP3, file])
  return { file, bytes: readFileSync(file) }
}
