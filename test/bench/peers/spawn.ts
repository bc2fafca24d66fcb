import type { ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnPeer } from './child.ts'

type Env = Readonly<Record<string, string | undefined>>

/** A resident mpv with a short buffer that takes commands at `socket`. */
export const spawnMpv = (socket: string, env: Env): ChildProcess => {
  const quiet = ['--no-config', '--no-terminal', '--no-video', '--idle']
  const card = ['--ao=alsa', '--audio-device=alsa/dac0', '--audio-buffer=0.05']
  return spawnPeer('mpv', [...quiet, ...card, `--input-ipc-server=${socket}`], env)
}

/** A resident MPD with a short buffer that takes commands at `path`. */
export const spawnMpd = (
  folder: string,
  env: Env,
): { readonly child: ChildProcess; readonly path: string } => {
  const path = join(folder, 'mpd.sock')
  mkdirSync(join(folder, 'music'), { recursive: true })
  writeFileSync(
    join(folder, 'mpd.conf'),
    [
      `bind_to_address "${path}"`,
      `music_directory "${join(folder, 'music')}"`,
      `pid_file "${join(folder, 'mpd.pid')}"`,
      'audio_output {',
      '  type "alsa"',
      '  name "dac"',
      '  device "dac0"',
      '  mixer_type "none"',
      '  buffer_time "50000"',
      '  period_time "10000"',
      '}',
      '',
    ].join('\n'),
  )
  return { child: spawnPeer('mpd', ['--no-daemon', join(folder, 'mpd.conf')], env), path }
}
