import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { connectPeer, endPeer, spawnPeer } from './child.ts'
import type { Peer, PeerKind, PeerSounds } from './peer.ts'
import { spawnMpd, spawnMpv } from './spawn.ts'

const endAll = async (child: ChildProcess | undefined, socket?: Socket): Promise<void> => {
  socket?.destroy()
  if (child !== undefined) await endPeer(child)
}

const openMpv = async (name: string, paused: boolean, { wav, folder, env }: PeerSounds): Promise<Peer> => {
  const path = join(folder, `${paused ? 'paused' : 'plain'}.sock`)
  const child = spawnMpv(path, env)
  const socket = await connectPeer(path)
  const say = (...command: readonly unknown[]): void => void socket.write(`${JSON.stringify({ command })}\n`)
  return {
    name,
    prepare: async () => {
      if (!paused) return
      say('set_property', 'pause', true)
      say('loadfile', wav)
    },
    stop: () => say('stop'),
    start: () => (paused ? say('set_property', 'pause', false) : say('loadfile', wav)),
    [Symbol.asyncDispose]: () => endAll(child, socket),
  }
}

const openMpg123 = async ({ mp3, env }: PeerSounds): Promise<Peer> => {
  const child = spawnPeer('mpg123', ['-q', '-R', '-o', 'alsa', '-a', 'dac0'], env)
  return {
    name: 'mpg123',
    prepare: async () => undefined,
    stop: () => void child.stdin?.write('STOP\n'),
    start: () => void child.stdin?.write(`LOAD ${mp3}\n`),
    [Symbol.asyncDispose]: () => endAll(child),
  }
}

const openAplay = async ({ wav, env }: PeerSounds): Promise<Peer> => {
  const args = ['-q', '-D', 'dac0', '--buffer-time=50000', '--period-time=10000', wav]
  let child: ChildProcess | undefined
  return {
    name: 'aplay',
    prepare: async () => undefined,
    start: () => {
      child = spawnPeer('aplay', args, env)
    },
    stop: () => void child?.kill(),
    [Symbol.asyncDispose]: () => endAll(child),
  }
}

const openMpd = async ({ wav, folder, env }: PeerSounds): Promise<Peer> => {
  const { child, path } = spawnMpd(folder, env)
  const socket = await connectPeer(path)
  socket.write(`add "file://${wav}"\n`)
  return {
    name: 'MPD',
    prepare: async () => undefined,
    stop: () => void socket.write('stop\n'),
    start: () => void socket.write('play 0\n'),
    [Symbol.asyncDispose]: () => endAll(child, socket),
  }
}

/** The players beside whom we are measured. */
export const PEERS: readonly PeerKind[] = [
  {
    name: 'mpv, prepared',
    how: 'resident, file loaded and paused over IPC, buffer 50 ms; at the instant: unpaused',
    program: 'mpv',
    debianPackage: 'mpv',
    open: (sounds) => openMpv('mpv, prepared', true, sounds),
  },
  {
    name: 'mpv',
    how: 'resident over IPC, buffer 50 ms; at the instant: loadfile',
    program: 'mpv',
    debianPackage: 'mpv',
    open: (sounds) => openMpv('mpv', false, sounds),
  },
  {
    name: 'mpg123',
    how: 'resident (-R); at the instant: LOAD of the MP3',
    program: 'mpg123',
    debianPackage: 'mpg123',
    open: openMpg123,
  },
  {
    name: 'MPD',
    how: 'resident, file queued, buffer 50 ms; at the instant: play',
    program: 'mpd',
    debianPackage: 'mpd',
    open: openMpd,
  },
  {
    name: 'aplay',
    how: 'buffer 50 ms, cannot stay resident; at the instant: spawned',
    program: 'aplay',
    debianPackage: 'alsa-utils',
    open: openAplay,
  },
]
