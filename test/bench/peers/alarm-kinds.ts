import { type ChildProcess, execFileSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { AlarmKind, AlarmPeer, AlarmSounds } from './alarm.ts'
import { connectPeer, endPeer, spawnPeer, spawnRelay } from './child.ts'
import { spawnMpd, spawnMpv } from './spawn.ts'

const openMpg123 = async (sounds: AlarmSounds): Promise<AlarmPeer> => {
  const { siren, programme, folder, env } = sounds
  const fifo = join(folder, 'commands')
  execFileSync('mkfifo', [fifo])
  // For both directions: nobody waits for the other end, and no end is ever read.
  const commands = openSync(fifo, 'r+')
  const args = ['-q', '-R', '--devbuffer', '0.2', '-o', 'alsa', '-a', 'dac0']
  const child = spawnPeer('mpg123', args, env, commands)
  const relay = spawnRelay(sounds, `LOAD ${siren.mp3}`, `>"${fifo}"`)
  return {
    rearm: () => void writeSync(commands, programme === undefined ? 'STOP\n' : `LOAD ${programme}\n`),
    [Symbol.asyncDispose]: async () => {
      await endPeer(relay)
      await endPeer(child)
      closeSync(commands)
    },
  }
}

/** Both ways: mpv lets go of a client that does not read its events. */
const toSocket = (path: string): string => `| socat - "UNIX-CONNECT:${path}" >/dev/null`

const say = (...command: readonly unknown[]): string => JSON.stringify({ command })

const openMpv = async (sounds: AlarmSounds): Promise<AlarmPeer> => {
  const { siren, programme, folder, env } = sounds
  const paths = { siren: join(folder, 'siren.sock'), programme: join(folder, 'programme.sock') }
  const children: ChildProcess[] = [spawnMpv(paths.siren, env)]
  const toSiren = await connectPeer(paths.siren)
  const pause = (on: boolean): string => say('set_property', 'pause', on)
  const prepare = (): void => void toSiren.write(`${pause(true)}\n${say('loadfile', siren.wav)}\n`)
  const relayTo = (path: string, line: string): void =>
    void children.unshift(spawnRelay(sounds, line, toSocket(path)))
  relayTo(paths.siren, pause(false))
  const end = async (): Promise<void> => {
    for (const child of children) await endPeer(child)
  }
  if (programme === undefined) return { rearm: prepare, [Symbol.asyncDispose]: end }
  children.push(spawnMpv(paths.programme, env))
  const toProgramme = await connectPeer(paths.programme)
  toProgramme.write(`${say('loadfile', programme)}\n`)
  relayTo(paths.programme, pause(true))
  return {
    rearm: () => {
      prepare()
      toProgramme.write(`${pause(false)}\n`)
    },
    [Symbol.asyncDispose]: end,
  }
}

const openMpd = async (sounds: AlarmSounds): Promise<AlarmPeer> => {
  const { siren, programme, folder, env } = sounds
  const { child, path } = spawnMpd(folder, env)
  const socket = await connectPeer(path)
  socket.write(`add "file://${siren.wav}"\n${programme === undefined ? '' : `add "file://${programme}"\n`}`)
  const relay = spawnRelay(sounds, 'play 0', toSocket(path))
  return {
    rearm: () => void socket.write(programme === undefined ? 'stop\n' : 'play 1\n'),
    [Symbol.asyncDispose]: async () => {
      socket.destroy()
      await endPeer(relay)
      await endPeer(child)
    },
  }
}

const TOLD = 'told by a resident mosquitto_sub'

/** The players beside whom an alert is measured. They verify nothing. */
export const ALARM_PEERS: readonly AlarmKind[] = [
  {
    name: 'mpg123',
    how: `resident (-R), device buffer 200 ms (with 50 ms it ran dry and fell silent), ${TOLD} that writes LOAD into its standard input`,
    programs: ['mpg123', 'mosquitto_sub'],
    debianPackages: 'mpg123 mosquitto-clients',
    open: openMpg123,
  },
  {
    name: 'mpv, prepared',
    how: `resident, siren loaded and paused, a programme in a second mpv on the same card, buffers 50 ms, ${TOLD} each through socat: the one unpaused, the other paused`,
    programs: ['mpv', 'mosquitto_sub', 'socat'],
    debianPackages: 'mpv mosquitto-clients socat',
    open: openMpv,
  },
  {
    name: 'MPD',
    how: `resident, both files queued, buffer 50 ms, ${TOLD} through socat: play`,
    programs: ['mpd', 'mosquitto_sub', 'socat'],
    debianPackages: 'mpd mosquitto-clients socat',
    open: openMpd,
  },
]
