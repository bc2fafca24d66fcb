import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LoaError } from '../../../agent/core/error.ts'
import type { SignConfig } from '../../../agent/core/sign-configuration.ts'

export type FramebufferConfig = Extract<SignConfig, { readonly driver: 'framebuffer' }>
export type PixelFormat = NonNullable<FramebufferConfig['format']>

/** How the memory of a screen is laid out, and where the panel lies in it. */
export type Geometry = {
  readonly format: PixelFormat
  /** From one row of the screen to the next. */
  readonly strideBytes: number
  /** Where the first pixel of the panel lies. */
  readonly startBytes: number
}

export const BYTES_PER_PIXEL: Readonly<Record<PixelFormat, number>> = { xrgb8888: 4, rgb565: 2 }

/** Where the kernel tells of framebuffers. */
export const SYSFS = '/sys/class/graphics'

type Screen = {
  readonly format: PixelFormat
  readonly width: number
  readonly height: number
  readonly strideBytes: number
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** @throws SIGN when the kernel uses a format that is neither of the two */
const kernelScreen = async (folder: string): Promise<Screen> => {
  const read = async (name: string): Promise<string> => (await readFile(join(folder, name), 'utf8')).trim()
  const bits = Number(await read('bits_per_pixel'))
  const format = bits === 32 ? 'xrgb8888' : bits === 16 ? 'rgb565' : undefined
  if (format === undefined) throw new LoaError('SIGN', `${folder}: ${bits} bits a pixel are not supported`)
  const [width = 0, height = 0] = (await read('virtual_size')).split(',').map(Number)
  return { format, width, height, strideBytes: Number(await read('stride')) }
}

const describedScreen = ({ format = 'xrgb8888', screen, x, y, width, height }: FramebufferConfig): Screen => {
  const size = screen ?? { width: x + width, height: y + height }
  return { ...size, format, strideBytes: size.width * BYTES_PER_PIXEL[format] }
}

/**
 * Where the pixels of the panel go. What the board file says goes before what the kernel tells; a plain file has only the first.
 * @throws SIGN when the panel is not wholly on the screen
 */
export const geometryOf = async (config: FramebufferConfig, sysfs: string): Promise<Geometry> => {
  const folder = join(sysfs, basename(config.path))
  const isKnown = config.screen === undefined && (await isFolder(folder))
  const told = isKnown ? await kernelScreen(folder) : undefined
  const { width, height, strideBytes, ...screen } = told ?? describedScreen(config)
  const format = config.format ?? screen.format
  if (config.x + config.width > width || config.y + config.height > height)
    throw new LoaError('SIGN', `${config.path}: the panel does not fit on a screen of ${width} x ${height}`)
  return {
    format,
    strideBytes,
    startBytes: config.y * strideBytes + config.x * BYTES_PER_PIXEL[format],
  }
}
