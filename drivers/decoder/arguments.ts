import type { AudioFormat } from '../../agent/core/documents.ts'
import type { DecoderFormat } from '../../agent/ports/decoder.ts'

/** The one demuxer and the decoders a format may use; nothing in the file chooses another. */
type Recipe = { readonly demuxer: string; readonly codecs: string }

const RECIPES: Readonly<Record<DecoderFormat, Recipe>> = {
  mp3: { demuxer: 'mp3', codecs: 'mp3float,mp3' },
  ogg: { demuxer: 'ogg', codecs: 'opus,libopus,vorbis,libvorbis' },
  aac: { demuxer: 'aac', codecs: 'aac' },
  m4a: { demuxer: 'mov', codecs: 'aac,alac' },
  flac: { demuxer: 'flac', codecs: 'flac' },
  mpegts: { demuxer: 'mpegts', codecs: 'aac,mp3float,mp3' },
  wav: {
    demuxer: 'wav',
    codecs:
      'pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav',
  },
}

/** By default ffmpeg looks at seconds of sound before it gives the first: with a live source, those are seconds of silence. */
const LIVE = ['-fflags', 'nobuffer', '-probesize', '32768', '-analyzeduration', '200000'] as const

/**
 * What is read: standard input alone, through a demuxer that the signed document named.
 * A playlist, an ffconcat script or a redirect in the file finds no demuxer that would follow it and no
 * protocol to follow it with (threat T15).
 */
const inputArguments = (format: DecoderFormat, live: boolean): readonly string[] => {
  const { demuxer, codecs } = RECIPES[format]
  return [
    '-nostdin',
    ...['-threads', '1'],
    ...['-protocol_whitelist', 'pipe'],
    ...['-format_whitelist', demuxer],
    ...['-codec_whitelist', codecs],
    ...(live ? LIVE : []),
    ...['-f', demuxer],
    ...['-i', 'pipe:0'],
    ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
  ]
}

const RATE = '48000'

/** Signed 16 bit interleaved PCM at 48 kHz on standard output. */
export const decodeArguments = (format: DecoderFormat, channels: 1 | 2, live = false): readonly string[] => [
  ...['-hide_banner', '-nostats', '-loglevel', 'error'],
  ...inputArguments(format, live),
  ...['-threads', '1', '-ac', String(channels), '-ar', RATE, '-f', 's16le', 'pipe:1'],
]

/**
 * No sound out; the EBU R128 summary on standard error, the decoded length as `out_time_us` on standard output.
 * The sound is brought into the form it is played in first: 16 bit with the channels of the board, because a
 * downmix of floats is 3 dB louder. Time is counted in samples, not in what the file says of itself.
 */
export const measureArguments = (
  format: AudioFormat,
  channels: 1 | 2,
  maxSeconds: number,
): readonly string[] => [
  // A newer ffmpeg that failed notices so only at its next report: half a second is what it takes by default.
  ...['-hide_banner', '-nostats', '-loglevel', 'info', '-progress', 'pipe:1', '-stats_period', '0.5'],
  ...inputArguments(format, false),
  ...['-threads', '1', '-filter_threads', '1'],
  '-af',
  [
    `aformat=sample_fmts=s16:sample_rates=${RATE}:channel_layouts=${channels === 1 ? 'mono' : 'stereo'}`,
    // `quiet` would say it better, but Debian 12's ffmpeg does not know it.
    'ebur128=peak=true:framelog=verbose',
    'asetpts=N/SR/TB',
  ].join(','),
  ...['-t', String(maxSeconds), '-f', 'null', '-'],
]
