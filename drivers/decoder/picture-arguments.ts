import type { ImageFormat } from '../../agent/core/documents.ts'

/**
 * The one demuxer and the one decoder of a format; nothing in the file chooses another. The one for whole GIF files would
 * go back to the beginning of what came through the pipe.
 */
const RECIPES: Readonly<Record<ImageFormat, { readonly demuxer: string; readonly codec: string }>> = {
  png: { demuxer: 'png_pipe', codec: 'png' },
  jpeg: { demuxer: 'jpeg_pipe', codec: 'mjpeg' },
  gif: { demuxer: 'gif_pipe', codec: 'gif' },
  webp: { demuxer: 'webp_pipe', codec: 'webp' },
}

/** A photograph of a good camera; with four bytes each they fit into the decoder's memory beside the scaled picture. */
const MOST_PIXELS = 32_000_000

export type PictureTarget = {
  readonly width: number
  readonly height: number
  readonly frames: number
}

/** RGBA frames of exactly the target's size on standard output, what the picture does not cover transparent. */
export const pictureArguments = (
  format: ImageFormat,
  { width, height, frames }: PictureTarget,
): readonly string[] => {
  const { demuxer, codec } = RECIPES[format]
  const size = `${width}:${height}`
  const filters = [
    'format=rgba',
    `scale=${size}:force_original_aspect_ratio=decrease:flags=area`,
    `pad=${size}:(ow-iw)/2:(oh-ih)/2:color=black@0`,
  ]
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'error', '-nostdin'],
    ...['-threads', '1', '-filter_threads', '1'],
    ...['-protocol_whitelist', 'pipe', '-format_whitelist', demuxer, '-codec_whitelist', codec],
    ...['-max_pixels', String(MOST_PIXELS)],
    ...['-f', demuxer, '-i', 'pipe:0'],
    ...['-map', '0:v:0', '-an', '-sn', '-dn', '-map_metadata', '-1'],
    ...['-vf', filters.join(','), '-frames:v', String(frames)],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgba', 'pipe:1'],
  ]
}
