import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LoaError, messageOf } from '../../agent/core/error.ts'

const run = promisify(execFile)

const SPOKEN =
  'Thông báo của Ủy ban nhân dân xã. Mời bà con đến họp thôn, lúc mười chín giờ ba mươi phút tối nay, ' +
  'tại nhà văn hóa thôn. Trân trọng cảm ơn.'

/** What stands on the sign meanwhile. */
export const SIGN_TEXT = 'Họp thôn 19:30 tối nay tại nhà văn hóa'

const call = async (program: string, args: readonly string[]): Promise<void> => {
  try {
    await run(program, [...args])
  } catch (cause) {
    throw new LoaError('UNSUPPORTED', `${program} failed (${messageOf(cause)}); run scripts/setup`, { cause })
  }
}

/** Speaks the notice into an MP3 as a commune's office would send it; returns its path. */
export const speakNotice = async (directory: string): Promise<string> => {
  await mkdir(directory, { recursive: true })
  const spoken = join(directory, 'notice.wav')
  const mp3 = join(directory, 'notice.mp3')
  await call('espeak-ng', ['-v', 'vi', '-s', '150', '-w', spoken, SPOKEN])
  const encode = ['-ac', '1', '-ar', '44100', '-b:a', '64k']
  await call('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', '-i', spoken, ...encode, mp3])
  return mp3
}
